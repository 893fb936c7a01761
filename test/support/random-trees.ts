import { findLoops } from '../../src/hops/loops.js';
import { wire } from '../../src/plan/wire.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';
import { FACTS, labOf } from './lab-of.js';
import type { Random } from './random.js';

/** Bridges that are joined in rings, meshes and by doubled cables, with everything by chance that a spanning tree asks for. */

type Cable = readonly [number, number];

const SHAPES: readonly ((random: Random) => readonly Cable[])[] = [
  // A ring, with a cable across.
  (random) => {
    const size = 3 + random.below(4);
    const ring = Array.from({ length: size }, (_, at): Cable => [at, (at + 1) % size]);
    return random.chance(0.5) ? [...ring, [0, 2]] : ring;
  },
  // Everybody with everybody.
  (random) => {
    const size = 3 + random.below(2);
    return Array.from({ length: size }, (_, a) =>
      Array.from({ length: a }, (__, b): Cable => [b, a]),
    ).flat();
  },
  // A tree some of whose cables are there twice.
  (random) => {
    const size = 2 + random.below(4);
    const tree = Array.from({ length: size - 1 }, (_, at): Cable => [random.below(at + 1), at + 1]);
    return [...tree, ...tree.filter((_, at) => at === 0 || random.chance(0.5))];
  },
  // A bridge that is cabled to itself.
  () => [
    [0, 1],
    [0, 0],
    [0, 1],
  ],
];

/** Some settings, or by chance none. */
export const maybe = <T>(random: Random, probability: number, value: () => T): Partial<T> =>
  random.chance(probability) ? value() : {};

/** One of a shape, its nodes called by a prefix. */
export function treeOf(
  random: Random,
  shape: number,
  prefix: string,
  guards = 0.06,
): LabDefinition {
  const cables = random.shuffle(SHAPES[shape % SHAPES.length]?.(random) ?? []);
  const size = 1 + Math.max(...cables.flat());
  const name = (bridge: number): string => `${prefix}b${bridge}`;
  const used = Array.from({ length: size }, () => 0);
  const port = (bridge: number): string => {
    used[bridge] = (used[bridge] ?? 0) + 1;
    return `${name(bridge)}:e${used[bridge]}`;
  };
  // Of two guarded ends of a cable the one that is heard first disables the other: only time tells which.
  const guarded = new Set<string>();
  const links = cables.map(([a, b]) => {
    const ends: [string, string] = [port(a), port(b)];
    if (random.chance(guards)) guarded.add(random.pick(ends));
    return {
      kind: 'veth' as const,
      ends,
      ...maybe(random, 0.12, () => ({ down: [random.pick(ends)] })),
    };
  });
  const member = (bridge: number, index: number) => ({
    port: `e${index + 1}`,
    guard: guarded.has(`${name(bridge)}:e${index + 1}`),
    ...maybe(random, 0.06, () => ({ root_block: true })),
    ...maybe(random, 0.4, () => ({ cost: 1 + random.below(6) })),
    ...maybe(random, 0.4, () => ({ priority: random.below(64) })),
  });
  const nodes = Object.fromEntries(
    used.map((ports, bridge) => {
      const stp = random.chance(0.8);
      const all = Array.from({ length: ports }, (_, index) => member(bridge, index));
      const members = random
        .shuffle(all)
        .map(({ guard, root_block, ...rest }) => (stp ? { ...rest, guard, root_block } : rest));
      const priority = maybe(random, 0.4, () => ({ priority: random.below(65536) }));
      const own = { kind: 'bridge' as const, name: 'br0', mac: random.mac(), stp };
      return [
        name(bridge),
        { kind: 'netns' as const, devices: [{ ...own, ...priority, members: [...members] }] },
      ];
    }),
  );
  return { name: 'trees', nodes, links, verify: [] };
}

/** Some such labs in one, side by side. Where nothing blocks a ring it is drawn again. */
export function randomTrees(random: Random, count: number): LabDefinition {
  const all = Array.from({ length: count }, (_, index) => {
    for (;;) {
      const drawn = treeOf(random, index, `t${index}`);
      if (findLoops(wire(labOf(drawn), FACTS).model).length === 0) return drawn;
    }
  });
  return {
    name: 'trees',
    nodes: Object.assign({}, ...all.map(({ nodes }) => nodes)) as LabDefinition['nodes'],
    links: all.flatMap(({ links = [] }) => links),
    verify: [],
  };
}
