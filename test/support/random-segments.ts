import type { LabDefinition } from '../../src/topology/define-lab.js';
import { maybe } from './random-trees.js';
import type { Random } from './random.js';

/** Segments by chance: what joins some ports at layer 2. */

export type Nodes = Record<string, LabDefinition['nodes'][string]>;
export type Links = NonNullable<LabDefinition['links']>[number];

export interface Segment {
  readonly links: readonly Links[];
  readonly nodes: Nodes;
}

interface SegmentKind {
  /** The fewest and the most ports that it joins. */
  readonly ends: readonly [number, number];
  /** @param name - unique in the lab, for its own nodes and links */
  readonly draw: (random: Random, ends: readonly string[], name: string) => Segment;
}

const cable = (link: (random: Random, ends: [string, string]) => Links): SegmentKind => ({
  ends: [2, 2],
  draw: (random, [a = '', b = '']) => ({ links: [link(random, [a, b])], nodes: {} }),
});

const MODES = ['vepa', 'bridge', 'private', 'source'] as const;

export const portSettings = (random: Random, port: string) => ({
  port,
  ...maybe(random, 0.15, () => ({ isolated: true })),
  ...maybe(random, 0.1, () => ({ hairpin: true })),
  ...maybe(random, 0.2, () => ({ group_fwd_mask: random.pick([0x4000, 0xfffd, 0x8]) })),
});

const bridge: SegmentKind = {
  ends: [2, 4],
  draw: (random, ends) => ({
    nodes: {},
    links: [
      {
        kind: 'bridge',
        ends: ends.map((port) => portSettings(random, port)),
        ...maybe(random, 0.2, () => ({ stp: true })),
        ...maybe(random, 0.2, () => ({ snooping: true, querier: true })),
        ...maybe(random, 0.2, () => ({ bridge_group_fwd_mask: 0x4008 })),
        ...maybe(random, 0.1, () => ({ down: [random.pick(ends)] })),
      },
    ],
  }),
};

const ovsSwitch: SegmentKind = {
  ends: [2, 4],
  draw: (random, ends) => ({
    nodes: {},
    links: [
      {
        kind: 'ovs-switch',
        ends: ends.map((port) => ({ port, ...maybe(random, 0.15, () => ({ lldp: true })) })),
        forward_bpdu: random.chance(0.4),
        ...maybe(random, 0.3, () => ({
          flows: [
            {
              from: random.pick(ends),
              to: [...random.shuffle(ends).slice(0, random.below(2))],
              dst: random.pick(['01:80:c2:00:00:0e', 'ff:ff:ff:ff:ff:ff']),
            },
          ],
        })),
      },
    ],
  }),
};

const macvlan: SegmentKind = {
  ends: [2, 4],
  draw(random, ends) {
    const mode = random.pick(MODES);
    const hasUplink = random.chance(0.5);
    const own = hasUplink ? ends.slice(1) : ends;
    const upper = own.length === 1 && random.chance(0.3) ? 'passthru' : mode;
    return {
      nodes: {},
      links: [
        {
          kind: 'macvlan',
          mode: upper,
          ends: own.map((port) => ({
            port,
            ...maybe(random, 0.3, () => ({ allmulticast: true })),
            ...maybe(random, 0.1, () => ({ promisc: true })),
          })),
          ...(hasUplink
            ? { uplink: ends[0] }
            : maybe(random, 0.5, () => ({ reflective_relay: true }))),
        },
      ],
    };
  },
};

/** Bridges of namespaces in a ring or with doubled cables, and the ends on some of them. */
const ring: SegmentKind = {
  ends: [2, 4],
  draw(random, ends, name) {
    const size = 2 + random.below(3);
    const switches = Array.from({ length: size }, (_, at) => `${name}s${at}`);
    const ports = new Map<string, string[]>(switches.map((one) => [one, []]));
    const plug = (to: string): string => {
      const list = ports.get(to) ?? [];
      list.push(`e${list.length + 1}`);
      return `${to}:${list.at(-1) ?? ''}`;
    };
    const trunks = switches.map((one, at) => ({
      kind: 'veth' as const,
      ends: [plug(one), plug(switches[(at + 1) % size] ?? one)] as [string, string],
    }));
    const access = ends.map((end) => ({
      kind: 'veth' as const,
      ends: [end, plug(random.pick(switches))] as [string, string],
    }));
    const nodes = [...ports].map(([node, members]) => [
      node,
      {
        kind: 'netns' as const,
        devices: [
          {
            ...{ kind: 'bridge' as const, name: 'br0', stp: true, mac: random.mac() },
            ...maybe(random, 0.4, () => ({ priority: random.below(65536) })),
            members: members.map((port) => ({
              port,
              ...maybe(random, 0.3, () => ({ cost: 1 + random.below(5) })),
            })),
          },
        ],
      },
    ]);
    return { links: [...trunks, ...access], nodes: Object.fromEntries(nodes) as Nodes };
  },
};

const KINDS: readonly SegmentKind[] = [
  cable((random, ends) => ({
    ...{ kind: 'veth', ends },
    ...maybe(random, 0.05, () => ({ down: [random.pick(ends)] })),
  })),
  cable((random, ends) => ({
    ...{ kind: 'redirect', ends },
    ...maybe(random, 0.1, () => ({ down: [random.pick(ends)] })),
  })),
  cable((_, ends) => ({ kind: 'ovs-panel', patches: [ends] })),
  ...[bridge, bridge, ovsSwitch, macvlan, macvlan, ring],
];

/** A kind of segment, how many ports it joins here, and how it does. */
export function drawSegment(random: Random): {
  readonly size: number;
  readonly draw: (ends: readonly string[], name: string) => Segment;
} {
  const kind = random.pick(KINDS);
  const [least, most] = kind.ends;
  return {
    size: least + random.below(most - least + 1),
    draw: (ends, name) => kind.draw(random, ends, name),
  };
}
