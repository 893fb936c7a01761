import { canonicalIp } from '../../src/topology/address.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';
import type { Path } from '../../src/topology/problem.js';
import { TopologyError } from '../../src/topology/topology-error.js';
import { labOf } from './lab-of.js';
import type { Nodes } from './random-segments.js';
import { maybe } from './random-trees.js';
import type { Random } from './random.js';

/** A router by chance: addresses, routes in several tables, rules that choose among them; and packets to ask it about. */

type Node = Nodes[string];
type Route = NonNullable<Node['routes']>[number];
type Rule = NonNullable<Node['rules']>[number];

const DEVICES = ['eth1', 'eth2', 'eth3', 'eth4'];
/** It has no address. */
const BARE = 'eth5';
const PORTS = [...DEVICES, BARE];

/** Few enough addresses that prefixes meet often. */
const ip = (family: 4 | 6, a: number, b: number, c: number): string =>
  family === 4 ? `10.${a}.${b}.${c}` : `fd00:${a}:${b}::${c}`;

const anyIp = (random: Random, family: 4 | 6): string =>
  canonicalIp(ip(family, 1 + random.below(3), random.below(3), 2 + random.below(9)));

const LENGTHS = { 4: [0, 8, 16, 24, 32], 6: [0, 16, 32, 48, 128] } as const;

function anyPrefix(random: Random, family: 4 | 6): string {
  const parts = random.chance(0.1) ? 0 : 1 + random.below(4);
  const part = (at: number, from: number, below: number): number =>
    at < parts ? from + random.below(below) : 0;
  const start = ip(family, part(1, 1, 3), part(2, 0, 3), part(3, 2, 9));
  const none = family === 4 ? '0.0.0.0' : '::';
  return `${parts === 0 ? none : start}/${LENGTHS[family][parts] ?? 0}`;
}

const TABLES = [100, 200] as const;
const [ROUTES, RULES] = [40, 16];
export const REJECTS = ['unreachable', 'blackhole', 'prohibit'] as const;

const drawRoute = (random: Random, family: 4 | 6): Route => ({
  to: anyPrefix(random, family),
  ...(random.chance(0.2)
    ? { type: random.pick(REJECTS) }
    : random.chance(0.3)
      ? { dev: random.pick(PORTS) }
      : { via: anyIp(random, family), ...maybe(random, 0.3, () => ({ dev: random.pick(PORTS) })) }),
  ...maybe(random, 0.5, () => ({ metric: random.below(3) })),
  ...maybe(random, 0.6, () => ({ table: random.pick([...TABLES, 'default'] as const) })),
});

const drawRule = (random: Random, family: 4 | 6): Rule => ({
  family,
  ...maybe(random, 0.7, () => ({ from: anyPrefix(random, family) })),
  ...maybe(random, 0.5, () => ({ to: anyPrefix(random, family) })),
  ...maybe(random, 0.3, () => ({ iif: random.pick([...PORTS, 'lo']) })),
  ...maybe(random, 0.15, () => ({ oif: random.pick(PORTS) })),
  ...maybe(random, 0.5, () => ({
    priority: random.pick([0, 100, 200, 32_765, 32_766, 32_767, 40_000]),
  })),
  table: random.pick([...TABLES, 'main', 'default'] as const),
});

/** Where the first thing stands that a lab must not have. */
function refusedIn(definition: LabDefinition): Path | undefined {
  try {
    labOf(definition);
    return undefined;
  } catch (error) {
    if (error instanceof TopologyError) return error.problems[0]?.path;
    throw error;
  }
}

/**
 * A router with addresses, routes and rules; those that its file must not have are left out.
 * @param name - of the router
 */
export function randomRouter(random: Random, name: string): LabDefinition {
  const families = [4, 6] as const;
  // The first two devices are in one subnet; addresses stand in another order than the devices.
  const addresses = Object.fromEntries(
    DEVICES.map((device, at) => [
      device,
      families.map(
        (family) => `${ip(family, 1, Math.max(at - 1, 0), 20 + at)}/${family === 4 ? 24 : 48}`,
      ),
    ]).toReversed(),
  ) as NonNullable<Node['addresses']>;
  const times = <T>(n: number, draw: (random: Random, family: 4 | 6) => T): readonly T[] =>
    Array.from({ length: n }, (_, at) => draw(random, families[at % 2] ?? 4));
  const filters = PORTS.flatMap((device) =>
    random.chance(0.5) ? [[`net.ipv4.conf.${device}.rp_filter`, 1 + random.below(2)]] : [],
  );
  const sysctls = Object.fromEntries([['net.ipv4.ip_forward', 1], ...filters]) as NonNullable<
    Node['sysctls']
  >;
  let [routes, rules] = [times(ROUTES, drawRoute), times(RULES, drawRule)];
  for (;;) {
    const definition: LabDefinition = {
      name,
      nodes: {
        [name]: { kind: 'netns', addresses, sysctls, routes: [...routes], rules: [...rules] },
        [`${name}p`]: { kind: 'netns' },
      },
      links: PORTS.map((port) => ({ kind: 'veth', ends: [`${name}:${port}`, `${name}p:${port}`] })),
      verify: [],
    };
    const [, , key, index] = refusedIn(definition) ?? [];
    if (key === undefined) return definition;
    if (key === 'rules') rules = rules.filter((_, at) => at !== index);
    else routes = routes.filter((_, at) => at !== index);
  }
}

/** What the kernel is asked: ip-route(8) `get`. */
export interface Asked {
  readonly dst: string;
  readonly src?: string;
  readonly iif?: string;
  readonly oif?: string;
}

/** A packet that a router hands on, or one of its own, bound to a device or not. */
export function randomPacket(random: Random, own: readonly string[]): Asked {
  const family = random.pick([4, 6] as const);
  const mine = own.filter((address) => address.includes(':') === (family === 6));
  const foreign = anyIp(random, family);
  if (random.chance(0.5)) {
    const dst = random.chance(0.2) ? random.pick(mine) : anyIp(random, family);
    const src = random.chance(0.05) ? random.pick(mine) : foreign;
    return { dst, src, iif: random.pick(PORTS) };
  }
  return {
    dst: foreign,
    ...maybe(random, 0.6, () => ({ src: random.pick(mine) })),
    ...maybe(random, 0.3, () => ({ oif: random.pick(PORTS) })),
  };
}
