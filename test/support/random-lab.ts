import type { LabDefinition } from '../../src/topology/define-lab.js';
import { checked } from './random-checked.js';
import { drawDecoys } from './random-decoys.js';
import { drawFilter } from './random-filters.js';
import { drawSegment, type Links, type Nodes } from './random-segments.js';
import { maybe } from './random-trees.js';
import type { Random } from './random.js';

/** Labs by chance: hosts on segments of any kind, routers between the segments, settings of both, and checks. */

type Check = NonNullable<LabDefinition['verify']>[number];

interface Box {
  readonly name: string;
  readonly isRouter: boolean;
  /** Segment by number of the port. */
  readonly segments: readonly number[];
}

const ip = (net: number, segment: number, host: number, family: 4 | 6): string =>
  family === 4 ? `10.${net}.${segment}.${host}` : `fd00:${net}:${segment}::${host}`;

/** Settings of a stack that keep it from answering, and some that do not. */
export const SYSCTLS: readonly (readonly [string, readonly number[]])[] = [
  ['net.ipv4.conf.all.rp_filter', [1, 1, 2]],
  ['net.ipv4.conf.all.arp_ignore', [1, 2, 8]],
  ['net.ipv4.conf.all.arp_filter', [1]],
  ['net.ipv4.conf.all.proxy_arp', [1]],
  ['net.ipv4.icmp_echo_ignore_all', [1]],
  ['net.ipv6.icmp.echo_ignore_all', [1]],
  ['net.ipv4.ip_default_ttl', [2, 5]],
];

function drawOnce(random: Random, name: string, net: number, count: number): LabDefinition {
  const segments = Array.from({ length: 1 + random.below(3) }, () => drawSegment(random));
  const routers = segments.slice(1).map((_, at): Box => ({
    ...{ name: `${name}r${at}`, isRouter: true, segments: [at, at + 1] },
  }));
  const joined = (segment: number): number =>
    routers.filter((router) => router.segments.includes(segment)).length;
  const hosts = segments.flatMap(({ size }, segment) =>
    Array.from({ length: Math.max(size - joined(segment), 0) }, (_, at): Box => ({
      ...{ name: `${name}h${segment}${at}`, isRouter: false, segments: [segment] },
    })),
  );
  const boxes = [...hosts, ...routers];
  const addressOf = (box: Box): number => 1 + boxes.indexOf(box);
  const families: readonly (4 | 6)[] = random.chance(0.6) ? [4, 6] : [4];
  const nodes: Nodes = Object.fromEntries(
    boxes.map((box) => [box.name, nodeOf(random, box, { routers, net, families, addressOf })]),
  );
  const drawn = segments.map(({ draw }, segment) =>
    draw(
      boxes.flatMap((box) => {
        const port = box.segments.indexOf(segment);
        return port < 0 ? [] : [`${box.name}:eth${port + 1}`];
      }),
      `${name}x${segment}`,
    ),
  );
  const ports = boxes.flatMap((box) =>
    box.segments.map((segment, at) => ({ port: `${box.name}:eth${at + 1}`, segment })),
  );
  const verify = Array.from({ length: count }, () => checkOf(random, ports, families));
  const all = [...drawn, drawDecoys(random, boxes, `${name}z`)];
  return {
    name,
    nodes: Object.assign({}, nodes, ...all.map((one) => one.nodes)) as Nodes,
    links: all.flatMap(({ links }): readonly Links[] => links),
    verify,
  };
}

interface Net {
  readonly routers: readonly Box[];
  readonly net: number;
  readonly families: readonly (4 | 6)[];
  readonly addressOf: (box: Box) => number;
}

function nodeOf(random: Random, box: Box, around: Net): Nodes[string] {
  const { net, families, addressOf } = around;
  const prefixes = { 4: random.chance(0.06) ? 16 : 24, 6: 64 };
  const addresses = Object.fromEntries(
    box.segments.map((segment, at) => [
      `eth${at + 1}`,
      families.map((family) => `${ip(net, segment, addressOf(box), family)}/${prefixes[family]}`),
    ]),
  );
  const sysctls = Object.fromEntries([
    ...(box.isRouter && random.chance(0.88) ? [['net.ipv4.ip_forward', 1]] : []),
    ...(box.isRouter && random.chance(0.88) ? [['net.ipv6.conf.all.forwarding', 1]] : []),
    ...SYSCTLS.flatMap(([key, values]) =>
      random.chance(0.06) ? [[key, random.pick(values)]] : [],
    ),
  ]) as Record<string, number>;
  const ports = Object.fromEntries(
    box.segments.flatMap((_, at) =>
      random.chance(0.12) ? [[`eth${at + 1}`, { mtu: random.pick([1300, 1400, 9000]) }]] : [],
    ),
  );
  const routes = [...routesOf(random, box, around)];
  const filter = drawFilter(random, {
    ports: box.segments.map((_, at) => `eth${at + 1}`),
    addresses: box.segments.flatMap((segment) =>
      families.map((family) => ip(net, segment, 1 + random.below(4), family)),
    ),
  });
  return { kind: 'netns', addresses, sysctls, ports, routes, ...filter };
}

interface RouteText {
  readonly to: string;
  readonly via: string;
}

function routesOf(random: Random, box: Box, around: Net): readonly RouteText[] {
  const { routers, net, families, addressOf } = around;
  const near = routers.filter(
    (router) => router !== box && router.segments.some((one) => box.segments.includes(one)),
  );
  if (near.length === 0) return [];
  return families.flatMap((family): readonly RouteText[] => {
    const by = (router: Box): string => {
      const shared = router.segments.find((one) => box.segments.includes(one)) ?? 0;
      return ip(net, shared, addressOf(router), family);
    };
    if (!box.isRouter)
      return random.chance(0.9) ? [{ to: 'default', via: by(random.pick(near)) }] : [];
    const far = [...new Set(near.flatMap((router) => router.segments))].filter(
      (segment) => !box.segments.includes(segment),
    );
    return far.flatMap((segment) => {
      const router = near.find((one) => one.segments.includes(segment));
      const [prefix, length] = [ip(net, segment, 0, family), family === 4 ? 24 : 64];
      return router && random.chance(0.9) ? [{ to: `${prefix}/${length}`, via: by(router) }] : [];
    });
  });
}

export const CLASSES = [
  ...(['stp', 'lacp', 'dot1x', 'pause', 'cdp', 'mdns', 'igmp'] as const),
  ...(['vlan-tagged', 'mtu', 'over-mtu', 'unicast-own', 'unicast-foreign'] as const),
];

interface Port {
  readonly port: string;
  readonly segment: number;
}

function checkOf(random: Random, ports: readonly Port[], families: readonly (4 | 6)[]): Check {
  const from = random.pick(ports);
  const others = ports.filter(({ port }) => port.split(':')[0] !== from.port.split(':')[0]);
  const near = others.filter(({ segment }) => segment === from.segment);
  const isNear = near.length > 0 && random.chance(0.6);
  const to = random.pick(isNear ? near : others.length > 0 ? others : ports);
  const ends = { from: from.port, to: to.port };
  const probe = random.pick(
    isNear ? (['lldp', 'arp', 'icmp', 'frame'] as const) : (['icmp'] as const),
  );
  if (probe === 'frame') return { probe, class: random.pick(CLASSES), ...ends };
  if (probe !== 'icmp') return { probe, ...ends };
  return {
    ...{ probe, ...ends, family: random.pick(families) },
    ...maybe(random, 0.2, () => ({ ttl: 1 + random.below(4) })),
    ...maybe(random, 0.25, () => ({
      ...{ size: random.pick([100, 1300, 1301, 1400, 1500]), dont_fragment: random.chance(0.6) },
    })),
  };
}

/** A lab of one part. */
export const randomLab = (
  random: Random,
  name: string,
  net: number,
  checks: number,
): LabDefinition => checked(checks, (count) => drawOnce(random, name, net, count));
