import { describe, expect, it } from 'vitest';
import { findLoops } from '../../../src/hops/loops.js';
import { deliveriesOf, walk } from '../../../src/hops/walk.js';
import { frameOf } from '../../../src/frames/make.js';
import { wire } from '../../../src/plan/wire.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { FACTS, labOf } from '../../support/lab-of.js';

type Nodes = LabDefinition['nodes'];
type Node = Nodes[string];

type Port = string | { readonly port: string; readonly guard?: true; readonly cost?: number };

/** A bridge with spanning tree: the lower its number, the better a root it is. */
const bridge = (number: number, ...ports: readonly Port[]): Node => ({
  kind: 'netns',
  devices: [{ kind: 'bridge', name: 'br0', stp: true, priority: number, members: [...ports] }],
});

const guard = (port: string): Port => ({ port, guard: true });

const modelOf = (nodes: Nodes, cables: readonly (readonly [string, string])[]) =>
  wire(
    labOf({
      ...{ name: 'guards', nodes },
      links: cables.map(([a, b]) => ({ kind: 'veth' as const, ends: [a, b] as [string, string] })),
    }),
    FACTS,
  ).model;

const rolesIn = ({ tree }: ReturnType<typeof modelOf>) =>
  Object.fromEntries([...tree.values()].flatMap(({ roles }) => [...roles]));

const host: Node = { kind: 'netns' };

/** A ring of s1, the root, s2 and s3, where s2 has the better identifier: s3 blocks its port `x` towards s2. */
const ring = (x: { readonly s2?: Port; readonly s3?: Port }) =>
  modelOf(
    {
      s1: bridge(1, 'a', 'b'),
      s2: bridge(2, 'r', 'h', x.s2 ?? 'x'),
      s3: bridge(3, 'r', 'h', x.s3 ?? 'x'),
      ...{ c: host, d: host },
    },
    [
      ['s1:a', 's2:r'],
      ['s1:b', 's3:r'],
      ['s2:x', 's3:x'],
      ['c:eth1', 's2:h'],
      ['d:eth1', 's3:h'],
    ],
  );

describe('a guarded port', () => {
  it('is disabled by a bridge that is the way to the root there', () => {
    const roles = rolesIn(ring({ s3: guard('x') }));
    expect(roles).toMatchObject({ 's2 x': 'designated', 's3 x': 'guarded', 's3 r': 'root' });
  });

  it('is disabled by a bridge with hosts, which tells of them by its only way to the root', () => {
    const nodes = { s1: bridge(1, guard('a')), s2: bridge(2, 'r', 'h'), c: host };
    const roles = rolesIn(
      modelOf(nodes, [
        ['s1:a', 's2:r'],
        ['s2:h', 'c:eth1'],
      ]),
    );
    expect(roles).toMatchObject({ 's1 a': 'guarded', 's2 r': 'designated' });
  });

  it('is in a race with a bridge behind which there is nobody', () => {
    const nodes = { s1: bridge(1, guard('a'), 'h'), s2: bridge(2, 'r'), c: host };
    const roles = rolesIn(
      modelOf(nodes, [
        ['s1:a', 's2:r'],
        ['s1:h', 'c:eth1'],
      ]),
    );
    expect(roles).toMatchObject({ 's1 a': 'raced', 's1 h': 'designated' });
  });

  it('is in a race with a bridge that has another way to the root, and nothing goes round', () => {
    const model = ring({ s2: guard('x') });
    expect(rolesIn(model)).toMatchObject({
      ...{ 's2 x': 'raced', 's3 x': 'raced' },
      ...{ 's2 r': 'root', 's3 r': 'root', 's2 h': 'designated' },
    });
    expect(findLoops(model)).toEqual([]);
    const { hop } = model.graph.place('c eth1');
    const end = { mac: hop.settings.mac ?? '' };
    const [first] = deliveriesOf(
      walk(model, hop, frameOf('arp-request', { from: end, to: end })),
    ).filter(({ device }) => device.id === 'd eth1');
    expect(first?.way.prediction).toMatchObject({ outcome: 'random' });
    expect(first?.way.prediction).toHaveProperty(
      'reason',
      expect.stringMatching(/^s2:x has `guard: true`.*whether s[23]:x forwards\.$/),
    );
  });

  it('is in a race with one at the other end of its cable', () => {
    expect(rolesIn(ring({ s2: guard('x'), s3: guard('x') }))).toMatchObject({
      ...{ 's2 x': 'raced', 's3 x': 'raced', 's2 r': 'root', 's3 r': 'root' },
    });
  });

  it('may be in a race by another one that is surely disabled', () => {
    // Had s3 kept its cheap way by s4, it would be the way to the root for s2.
    const nodes = {
      s1: bridge(1, 'a', 'b', 'c'),
      s2: bridge(2, { port: 'r', cost: 50 }, guard('x')),
      s3: bridge(3, { port: 'r', cost: 90 }, 'x', { port: 'y', cost: 1, guard: true }),
      s4: bridge(4, { port: 'r', cost: 1 }, 'y'),
    };
    const roles = rolesIn(
      modelOf(nodes, [
        ['s1:a', 's2:r'],
        ['s1:b', 's3:r'],
        ['s1:c', 's4:r'],
        ['s2:x', 's3:x'],
        ['s3:y', 's4:y'],
      ]),
    );
    expect(roles).toMatchObject({ 's3 y': 'guarded', 's2 x': 'raced' });
  });
});
