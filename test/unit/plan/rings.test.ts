import { describe, expect, it } from 'vitest';
import { ANY_FACTS } from '../../../src/links/define.js';
import { ringProblems } from '../../../src/plan/rings.js';
import { wire } from '../../../src/plan/wire.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { moduleSource } from '../../../src/topology/source.js';

type Device = Readonly<Record<string, unknown>>;
const bridge = (members: readonly string[], more: Device = {}) => ({
  kind: 'netns',
  devices: [{ kind: 'bridge', name: 'br0', members, ...more }],
});
const cable = (a: string, b: string) => ({ kind: 'veth', ends: [a, b] });

/** Three switches in a ring, each with these settings. */
const ring = (...settings: readonly Device[]) => ({
  name: 'ring',
  nodes: {
    s1: bridge(['p', 'q'], settings[0]),
    s2: bridge(['p', 'q'], settings[1]),
    s3: bridge(['p', 'q'], settings[2]),
  },
  links: [cable('s1:q', 's2:p'), cable('s2:q', 's3:p'), cable('s3:q', 's1:p')],
});

function ringsIn(value: unknown) {
  const { lab } = parseTopology({ source: moduleSource('test'), value, problems: [] });
  return ringProblems(wire(lab, ANY_FACTS));
}

describe('a ring of switches', () => {
  it('is told once, with its switches and cables, and the link to take out', () => {
    const [problem, ...others] = ringsIn(ring());
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'topology/loop', path: ['links', 2] });
    for (const name of ['s1:br0', 's1:q', 's2:p', 's2:br0', 's3:br0', 's3:q', 's1:p'])
      expect(problem?.what).toContain(name);
    expect(problem?.fix).toContain('take s3:q-s1:p out');
  });

  it.each([
    ['all of them run spanning tree', [{ stp: true }, { stp: true }, { stp: true }]],
    ['one of them does, and hears its own BPDUs over the others', [{ stp: true }]],
  ])('is none where %s', (_, settings) => {
    expect(ringsIn(ring(...settings))).toEqual([]);
  });

  it('is found in two cables between two switches, and where links are the switches', () => {
    const doubled = {
      name: 'doubled',
      nodes: { a: bridge(['x', 'y']), b: bridge(['x', 'y']) },
      links: [cable('a:x', 'b:x'), { kind: 'ovs-switch', ends: ['a:y', 'b:y'] }],
    };
    expect(ringsIn(doubled)).toHaveLength(1);
  });

  it('is found in two pairs of patch ports, unless the bridges run spanning tree', () => {
    const patched = (stp: boolean) => ({
      name: 'patched',
      nodes: {
        s: {
          kind: 'netns',
          devices: ['01', '10'].map(([own, other]) => ({
            ...{ kind: 'ovs', name: `br${own}`, stp },
            ports: ['p', 'q'].map((port) => ({ port: `${port}${own}`, peer: `${port}${other}` })),
          })),
        },
      },
      links: [],
    });
    const [problem, ...others] = ringsIn(patched(false));
    expect(others).toEqual([]);
    for (const name of ['s:br0 switch', 's:p0', 's:p1', 's:br1 switch', 's:q1', 's:q0'])
      expect(problem?.what).toContain(name);
    expect(ringsIn(patched(true))).toEqual([]);
  });

  it.each([
    ['an IP stack with two ports: it forwards no frames', { kind: 'netns' }],
    [
      'isolated ports',
      bridge([], { members: ['p', 'q'].map((port) => ({ port, isolated: true })) }),
    ],
  ])('is none over %s', (_, s3) => {
    const value = ring();
    expect(ringsIn({ ...value, nodes: { ...value.nodes, s3 } })).toEqual([]);
  });
});
