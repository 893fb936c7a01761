import { findLoops } from '../../src/hops/loops.js';
import { wire } from '../../src/plan/wire.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';
import { FACTS, labOf } from './lab-of.js';
import { together } from './random-checked.js';
import type { Links, Nodes } from './random-segments.js';
import { maybe, treeOf } from './random-trees.js';
import type { Random } from './random.js';

/** The same rings and meshes with some of their bridges in Open vSwitch. */

type Bridge = Extract<NonNullable<Nodes[string]['devices']>[number], { kind: 'bridge' }>;
type OvsSwitch = Extract<Links, { kind: 'ovs-switch' }>;

/** Where a port of an Open vSwitch bridge gets to: the port of a Linux bridge, or of a plain one that stands for a cable. */
type Plugged = ReadonlyMap<string, string>;

const bridgeOf = (node: Nodes[string] | undefined): Bridge => {
  const [bridge] = node?.devices ?? [];
  if (bridge?.kind !== 'bridge') throw new Error('there is no bridge');
  return bridge;
};

interface Member {
  readonly port: string;
  readonly cost?: number;
}

const membersOf = ({ members = [] }: Bridge): readonly Member[] =>
  members.map((member) => (typeof member === 'string' ? { port: member } : (member as Member)));

function switchOf(random: Random, name: string, bridge: Bridge, plugged: Plugged): OvsSwitch {
  const { stp = false, priority } = bridge;
  const isRapid = stp && random.chance(0.4);
  const [step, most] = isRapid ? [16, 16] : [1, 256];
  const members = membersOf(bridge);
  return {
    ...{ kind: 'ovs-switch', name, [isRapid ? 'rstp' : 'stp']: stp },
    ...maybe(random, 0.5, () => ({ forward_bpdu: true })),
    ...(priority !== undefined && { priority: isRapid ? priority - (priority % 4096) : priority }),
    ends: members.map((member) => ({
      port: plugged.get(`${name}:${member.port}`) ?? '',
      ...(member.cost !== undefined && { cost: isRapid ? 1000 * member.cost : member.cost }),
      ...maybe(random, 0.4, () => ({ priority: step * random.below(most) })),
    })),
  };
}

/** Put bridges with two ports or more into Open vSwitch. */
function withOvs(random: Random, drawn: LabDefinition): LabDefinition {
  const chosen = new Set(
    Object.entries(drawn.nodes).flatMap(([name, node]) =>
      (bridgeOf(node).members?.length ?? 0) >= 2 && random.chance(0.6) ? [name] : [],
    ),
  );
  const isChosen = (ref: string): boolean => chosen.has(ref.split(':')[0] ?? '');
  const plugged = new Map<string, string>();
  const down = new Set<string>();
  const joints: Nodes = {};
  const links = (drawn.links ?? []).flatMap((link, at): readonly Links[] => {
    if (link.kind !== 'veth') return [link];
    const [a, b] = link.ends;
    if (![a, b].some(isChosen)) return [link];
    const joint = `${drawn.name}j${at}`;
    if ([a, b].every(isChosen)) {
      joints[joint] = {
        kind: 'netns',
        devices: [{ kind: 'bridge', name: 'br0', members: ['e1', 'e2'] }],
      };
      plugged.set(a, `${joint}:e1`).set(b, `${joint}:e2`);
    } else if (isChosen(a)) plugged.set(a, b);
    else plugged.set(b, a);
    if ((link.down ?? []).length > 0) down.add(plugged.get(isChosen(a) ? a : b) ?? '');
    return [];
  });
  const switches = [...chosen].map((name) => {
    const made = switchOf(random, name, bridgeOf(drawn.nodes[name]), plugged);
    const ports = membersOf(bridgeOf(drawn.nodes[name])).map(({ port }) => `${name}:${port}`);
    const ends = ports.map((port) => plugged.get(port) ?? '');
    return { ...made, down: ends.filter((end) => down.has(end)) };
  });
  const kept = Object.entries(drawn.nodes).filter(([name]) => !chosen.has(name));
  return {
    ...{ name: drawn.name, verify: [], links: [...links, ...switches] },
    nodes: { ...Object.fromEntries(kept), ...joints },
  };
}

/** A lab of such trees, one of each shape in turn. Where nothing blocks a ring it is drawn again. */
export function randomOvsTrees(random: Random, name: string, count: number): LabDefinition {
  const all = Array.from({ length: count }, (_, index) => {
    for (;;) {
      // A switch that hears of a better root at once never speaks to a guarded port; only time tells.
      const drawn = withOvs(random, {
        ...treeOf(random, index, `o${index}`, 0),
        name: `o${index}`,
      });
      if (findLoops(wire(labOf(drawn), FACTS).model).length === 0) return drawn;
    }
  });
  return together(name, all);
}
