import { describe, expect, it } from 'vitest';
import { customerTag, type Frame } from '../../../src/frames/frame.js';
import { frameOf } from '../../../src/frames/make.js';
import type { FrameClass } from '../../../src/frames/classes.js';
import { remembering } from '../../../src/hops/model.js';
import { deliveriesOf, nodesOf, teach, walk, type WalkNode } from '../../../src/hops/walk.js';
import type { Hop } from '../../../src/hops/types.js';
import { wire } from '../../../src/plan/wire.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { FACTS, labOf } from '../../support/lab-of.js';

type Nodes = LabDefinition['nodes'];
type Links = NonNullable<LabDefinition['links']>;

const modelIn = (nodes: Nodes, links: Links, more: object = {}) =>
  wire(labOf({ name: 'walked', nodes, links, ...more }), FACTS).model;

const hopIn = ({ graph }: ReturnType<typeof modelIn>, id: string) => graph.place(id).hop;

const endOf = ({ settings }: Hop) => ({ mac: settings.mac ?? '', mtu: settings.mtu });

/** A walk as text: a line for each hop and each end, indented by how far away it is. */
function drawn(node: WalkNode, depth = 0): readonly string[] {
  const indent = '  '.repeat(depth);
  const tag = node.frame.vlans.map(({ id }) => ` vlan ${id}`).join('');
  const ends = node.ends.map((end) => {
    const to = 'to' in end ? ` ${end.to?.label ?? 'its stack'}` : '';
    return `${indent}  ${end.end}${to}${'chance' in end && end.chance ? ' ?' : ''}`;
  });
  return [
    `${indent}${node.hop.label}${tag}${node.chance ? ' ?' : ''}`,
    ...ends,
    ...node.children.flatMap((child) => drawn(child, depth + 1)),
  ];
}

function walked(
  model: ReturnType<typeof modelIn>,
  from: string,
  to: string,
  name: FrameClass = 'arp-request',
) {
  const [a, b] = [hopIn(model, from), hopIn(model, to)];
  return walk(model, a, frameOf(name, { from: endOf(a), to: endOf(b) }));
}

const labels = (root: WalkNode): readonly string[] =>
  deliveriesOf(root).map(({ device }) => device.label);

const plain: Nodes = { a: { kind: 'netns' }, b: { kind: 'netns' }, c: { kind: 'netns' } };

describe('a walk', () => {
  it('floods: a broadcast comes to each port of a bridge but the one that it came by', () => {
    const model = modelIn(plain, [{ kind: 'bridge', ends: ['a:eth1', 'b:eth1', 'c:eth1'] }]);
    expect(drawn(walked(model, 'a eth1', 'b eth1'))).toEqual([
      'a:eth1',
      '  a:eth1 veth',
      '    a:eth1-b:eth1 bridge',
      '      delivery',
      '      b:eth1 veth',
      '        b:eth1',
      '          delivery',
      '      c:eth1 veth',
      '        c:eth1',
      '          delivery',
    ]);
  });

  it('goes round a ring of HSR by both sides, to each stack once, and ends at its sender', () => {
    const node: Nodes[string] = {
      ...{ kind: 'vm', guest: 'kinds' },
      devices: [{ kind: 'hsr', name: 'hsr0', slaves: ['eth1', 'eth2'] }],
    };
    const model = modelIn({ a: node, b: node, c: node }, [
      { kind: 'udp', ends: ['a:eth2', 'b:eth1'] },
      { kind: 'udp', ends: ['b:eth2', 'c:eth1'] },
      { kind: 'udp', ends: ['c:eth2', 'a:eth1'] },
    ]);
    const root = walked(model, 'a hsr0', 'c hsr0');
    expect(labels(root).toSorted()).toEqual(['b:hsr0', 'c:hsr0']);
    const why = nodesOf(root)
      .filter(({ hop }) => hop.kind === 'hsr' || hop.device.startsWith('eth'))
      .flatMap(({ hop, ends }) =>
        ends.flatMap((end) => (end.end === 'drop' ? [[hop.label, end.cause.reason]] : [])),
      );
    expect(why.toSorted()).toEqual([
      ['a:eth1', expect.stringContaining('a:hsr0 has sent it itself')],
      ['a:eth2', expect.stringContaining('a:hsr0 has sent it itself')],
      ['b:hsr0', expect.stringContaining('the second copy of a frame that b:hsr0 has')],
      ['c:hsr0', expect.stringContaining('the second copy of a frame that c:hsr0 has')],
    ]);
    // What is for one alone is no second time on any cable behind it.
    expect(labels(walked(model, 'a hsr0', 'c hsr0', 'unicast-own'))).toEqual(['c:hsr0']);
    expect(labels(walked(model, 'a eth1', 'c eth2'))).toEqual(['c:eth2']);
  });

  it('says at each hop what drops it there, towards whom and why', () => {
    const model = modelIn(plain, [{ kind: 'bridge', ends: ['a:eth1', 'b:eth1', 'c:eth1'] }]);
    const bridge = nodesOf(walked(model, 'a eth1', 'b eth1', 'lldp')).at(-1);
    expect(bridge).toMatchObject({
      hop: { label: 'a:eth1-b:eth1 bridge' },
      children: [],
      ends: [
        { end: 'drop', to: { label: 'b:eth1 veth' } },
        { end: 'drop', to: { label: 'c:eth1 veth' } },
        { end: 'drop', to: undefined },
      ],
    });
    expect(bridge?.ends[0]).toHaveProperty(
      'cause.remedy',
      expect.stringContaining('group_fwd_mask'),
    );
  });

  it('takes the frame as it is at each hop: a bridge that filters VLANs adds the tag', () => {
    const model = modelIn(plain, [
      {
        kind: 'bridge',
        vlan_filtering: true,
        ends: [
          { port: 'a:eth1', pvid: 10 },
          { port: 'b:eth1', vlans: [10] },
          { port: 'c:eth1', pvid: 20 },
        ],
      },
    ]);
    const root = walked(model, 'a eth1', 'b eth1');
    const tags = nodesOf(root).map(({ hop, frame }) => [hop.label, frame.vlans[0]?.id]);
    expect(tags).toContainEqual(['a:eth1 veth', undefined]);
    expect(tags).toContainEqual(['b:eth1', 10]);
    expect(labels(root)).not.toContain('c:eth1');
  });

  it('goes where a bridge has learnt to, once it was taught', () => {
    const model = modelIn(plain, [{ kind: 'bridge', ends: ['a:eth1', 'b:eth1', 'c:eth1'] }]);
    const conversation = { ...model, ...remembering(model) };
    expect(labels(walked(conversation, 'b eth1', 'a eth1', 'unicast-own'))).toEqual([
      'a:eth1',
      'c:eth1',
    ]);
    teach(conversation, walked(conversation, 'a eth1', 'b eth1'));
    expect(labels(walked(conversation, 'b eth1', 'a eth1', 'unicast-own'))).toEqual(['a:eth1']);
  });

  it('comes to the siblings of a macvlan in mode bridge, and by chance into its multicast filter', () => {
    const model = modelIn(plain, [
      { kind: 'macvlan', mode: 'bridge', ends: ['a:eth1', 'b:eth1'], uplink: 'c:eth1' },
    ]);
    expect(labels(walked(model, 'a eth1', 'b eth1')).toSorted()).toEqual(
      expect.arrayContaining(['b:eth1', 'c:eth1']),
    );
    // Nobody there has joined the group.
    const { joined, ...cdp } = nodesOf(walked(model, 'a eth1', 'b eth1', 'cdp'))[0]?.frame ?? {};
    const root = walk(model, hopIn(model, 'a eth1'), cdp as Frame);
    const to = deliveriesOf(root).find(({ device }) => device.label === 'b:eth1');
    expect(to?.way.path.map(({ label }) => label)).toHaveLength(3);
    expect(to?.way.prediction).toMatchObject({ outcome: 'random', at: 2, probability: 3 / 256 });
  });

  it('crosses no router, and ends at what is handed to nobody', () => {
    const model = modelIn(plain, [
      { kind: 'veth', ends: ['a:eth1', 'b:eth1'] },
      { kind: 'veth', ends: ['b:eth2', 'c:eth1'] },
    ]);
    expect(labels(walked(model, 'a eth1', 'b eth1'))).toEqual(['b:eth1']);
    const alone = modelIn(
      { ...plain, d: { kind: 'netns', devices: [{ kind: 'bridge', name: 'br0' }] } },
      [{ kind: 'veth', ends: ['a:eth1', 'b:eth1'] }],
    );
    expect(drawn(walked(alone, 'd br0', 'a eth1'))).toEqual(['d:br0', '  nobody']);
  });
});

describe('a walk in a ring of switches', () => {
  const bridge = (stp: boolean, members: readonly string[] = ['p', 'q', 'h']) => ({
    kind: 'netns' as const,
    devices: [{ kind: 'bridge' as const, name: 'br0', members: [...members], stp }],
  });
  const ring = (stp: boolean) =>
    modelIn(
      {
        s1: bridge(stp),
        s2: bridge(stp),
        s3: bridge(stp),
        a: { kind: 'netns' },
        b: { kind: 'netns' },
        c: { kind: 'netns' },
      },
      [
        { kind: 'veth', ends: ['s1:q', 's2:p'] },
        { kind: 'veth', ends: ['s2:q', 's3:p'] },
        { kind: 'veth', ends: ['s3:q', 's1:p'] },
        { kind: 'veth', ends: ['a:eth1', 's1:h'] },
        { kind: 'veth', ends: ['b:eth1', 's2:h'] },
        { kind: 'veth', ends: ['c:eth1', 's3:h'] },
      ],
      { allow_loops: true },
    );
  const endsIn = (root: WalkNode) =>
    nodesOf(root).flatMap(({ hop, ends }) => ends.map((end) => ({ ...end, at: hop.label })));

  it('goes round both ways, comes to everybody, and says that it loops', () => {
    const root = walked(ring(false), 'a eth1', 'c eth1');
    const ends = endsIn(root);
    expect(ends.filter(({ end }) => end === 'loop')).toHaveLength(2);
    for (const label of ['b:eth1', 'c:eth1']) expect(labels(root)).toContain(label);
    // b hears a second copy, from the other side.
    expect(ends).toContainEqual(expect.objectContaining({ end: 'copy', at: 's2:br0' }));
  });

  it('goes round nowhere with spanning tree, and names the port that it blocks', () => {
    const model = ring(true);
    const [blocked] = [...model.tree.values()].flatMap(({ roles }) =>
      [...roles].flatMap(([port, role]) => (role === 'blocked' ? [port] : [])),
    );
    const root = walked(model, 'a eth1', 'c eth1');
    const ends = endsIn(root);
    expect(ends.filter(({ end }) => end === 'loop' || end === 'copy')).toEqual([]);
    const port = hopIn(model, blocked ?? '').label;
    expect(
      ends.some((end) => end.end === 'drop' && end.cause.reason.includes(`blocks ${port}`)),
    ).toBe(true);
    expect(labels(root)).toEqual(expect.arrayContaining(['b:eth1', 'c:eth1']));
  });

  it('teaches no switch that a MAC is behind a port that is blocked', () => {
    const model = ring(true);
    const conversation = { ...model, ...remembering(model) };
    teach(conversation, walked(conversation, 'a eth1', 'c eth1'));
    for (const back of ['b eth1', 'c eth1'])
      expect(labels(walked(conversation, back, 'a eth1', 'unicast-own'))).toEqual(['a:eth1']);
  });

  it('ends in a mesh, where ways are without number', () => {
    const names = Array.from({ length: 8 }, (_, index) => `s${index}`);
    const links = names.flatMap((a, i) =>
      names.slice(i + 1).map((b) => ({
        kind: 'veth' as const,
        ends: [`${a}:to${b}`, `${b}:to${a}`] as [string, string],
      })),
    );
    const nodes = Object.fromEntries(
      names.map((name) => [
        name,
        bridge(
          false,
          names.filter((n) => n !== name).map((n) => `to${n}`),
        ),
      ]),
    );
    const model = modelIn(nodes, links, { allow_loops: true });
    const root = walked(model, 's0 br0', 's1 br0');
    const visits = nodesOf(root).map(({ hop, from }) => `${hop.id} ${from?.id ?? ''}`);
    expect(new Set(visits).size).toBe(visits.length);
    expect(endsIn(root).some(({ end }) => end === 'loop')).toBe(true);
  });

  it('tells copies with different tags apart', () => {
    const model = modelIn(plain, [{ kind: 'bridge', ends: ['a:eth1', 'b:eth1', 'c:eth1'] }]);
    const a = hopIn(model, 'a eth1');
    const sent = {
      ...frameOf('arp-request', { from: endOf(a), to: endOf(a) }),
      vlans: [customerTag(7)],
    };
    expect(nodesOf(walk(model, a, sent)).every(({ frame }) => frame.vlans[0]?.id === 7)).toBe(true);
  });
});
