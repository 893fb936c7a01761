import type { LabDefinition } from '../../src/topology/define-lab.js';
import { isValid } from './lab-of.js';
import type { Links, Nodes } from './random-segments.js';
import type { Random } from './random.js';

/** A file that somebody has edited: some things of it are others, the rest is as it was. */

type Node = Nodes[string];
type Edit = (random: Random, lab: LabDefinition) => LabDefinition;

const editNode =
  (change: (random: Random, node: Node) => Node): Edit =>
  (random, lab) => {
    const name = random.pick(Object.keys(lab.nodes));
    const node = lab.nodes[name];
    return node ? { ...lab, nodes: { ...lab.nodes, [name]: change(random, node) } } : lab;
  };

const without = <T>(random: Random, list: readonly T[]): readonly T[] => {
  const place = random.below(list.length);
  return list.filter((_, index) => index !== place);
};

const EDITS: readonly Edit[] = [
  (random, lab) => ({ ...lab, links: random.shuffle(lab.links ?? []) }),
  (random, lab) => ({ ...lab, links: without(random, lab.links ?? []) }),
  (random, lab) => {
    const name = random.pick(Object.keys(lab.nodes));
    const nodes = Object.fromEntries(Object.entries(lab.nodes).filter(([one]) => one !== name));
    return { ...lab, nodes };
  },
  (random, lab) => {
    const old = random.pick(Object.keys(lab.nodes));
    const cable: Links = { kind: 'veth', ends: ['fresh:eth0', `${old}:eth9`] };
    const fresh: Node = { kind: 'netns', addresses: { eth0: '198.18.0.1/24' } };
    return {
      ...lab,
      nodes: { fresh, ...lab.nodes },
      links: [cable, ...(lab.links ?? [])],
    };
  },
  editNode((random, node) => {
    const devices = Object.keys(node.addresses ?? {});
    if (devices.length === 0) return node;
    const device = random.pick(devices);
    const all = [node.addresses?.[device] ?? []].flat();
    const more = `198.19.${random.below(200)}.${1 + random.below(200)}/24`;
    const changed = random.chance(0.5) ? random.shuffle([...all, more]) : without(random, all);
    return { ...node, addresses: { ...node.addresses, [device]: [...changed] } };
  }),
  editNode((random, node) => ({
    ...node,
    ports: { ...node.ports, eth1: { mtu: random.pick([1300, 1400, 1500, 9000]) } },
  })),
  editNode((random, node) => ({
    ...node,
    sysctls: random.chance(0.3)
      ? {}
      : { ...node.sysctls, 'net.ipv4.conf.all.rp_filter': random.below(3) },
  })),
  editNode((random, node) => ({ ...node, routes: [...without(random, node.routes ?? [])] })),
  editNode(({ chance }, { nft: _, ...node }) => ({
    ...node,
    ...(chance(0.5) && {
      nft: 'table ip extra {\n chain c {\n type filter hook input priority 0\n counter\n }\n}\n',
    }),
  })),
];

/** The same file with up to four edits that leave it valid. */
export function mutated(random: Random, lab: LabDefinition): LabDefinition {
  let left = 1 + random.below(4);
  let now: LabDefinition = { ...lab, verify: [] };
  for (let tries = 0; left > 0 && tries < 50; tries++) {
    const edited = random.pick(EDITS)(random, now);
    if (!isValid(edited)) continue;
    now = edited;
    left -= 1;
  }
  return now;
}
