import { describe, expect, it } from 'vitest';
import { hearingOn } from '../../../src/hops/hearing.js';
import { ANY_FACTS } from '../../../src/links/define.js';
import { pairsOf, type PairFilter } from '../../../src/plan/pairs.js';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { moduleSource } from '../../../src/topology/source.js';

function pairsIn(value: unknown, filter?: PairFilter) {
  const { lab } = parseTopology({ source: moduleSource('test'), value, problems: [] });
  const wiring = wire(lab, ANY_FACTS);
  const { model } = wiring;
  const pairs = pairsOf(lab, wiring, prepareChecks(lab, model).checks, filter);
  return pairs.map((pair) => ({ ...pair, model }));
}
const names = (value: unknown, filter?: PairFilter) =>
  pairsIn(value, filter)
    .map(({ path }) => `${path.at(0)?.label ?? ''} > ${path.at(-1)?.label ?? ''}`)
    .sort();

const bridged = { kind: 'netns', devices: [{ kind: 'bridge', name: 'br0', members: ['l', 'r'] }] };
const chain = (between: object) => ({
  name: 'chain',
  nodes: { a: { kind: 'netns' }, b: between, c: { kind: 'netns' } },
  links: [
    { kind: 'veth', ends: ['a:r', 'b:l'] },
    { kind: 'veth', ends: ['b:r', 'c:l'] },
  ],
});
const CABLES = ['a:r > b:l', 'b:l > a:r', 'b:r > c:l', 'c:l > b:r'];

describe('the pairs that are asked about', () => {
  it('are the cables both ways', () => {
    expect(names(chain(bridged))).toEqual(CABLES);
  });

  it('are the checks of the file too', () => {
    const verify = [{ probe: 'lldp', from: 'a:r', to: 'c:l' }];
    expect(names({ ...chain(bridged), verify })).toEqual(
      [...CABLES, 'a:r > c:l', 'c:l > a:r'].sort(),
    );
  });

  it('are with --all what bridges in nodes join, but no port by the stack that it is in', () => {
    expect(names(chain(bridged), { all: true })).toEqual(
      [...CABLES, 'a:r > c:l', 'c:l > a:r'].sort(),
    );
    expect(names(chain({ kind: 'netns' }), { all: true })).toEqual(CABLES);
  });

  it('are those of a place', () => {
    expect(names(chain(bridged), { from: 'a' })).toEqual(['a:r > b:l', 'a:r > c:l']);
    expect(names(chain(bridged), { to: 'c:l' })).toEqual(['a:r > c:l', 'b:r > c:l']);
    expect(names(chain(bridged), { from: 'c', to: 'a:r' })).toEqual(['c:l > a:r']);
  });

  it('follow a cable over its own link, also where another way is as short', () => {
    const node = { kind: 'netns', devices: [{ kind: 'bridge', name: 'br0', members: ['x', 'y'] }] };
    const pairs = pairsIn({
      name: 'twice',
      nodes: { a: node, b: node },
      links: [
        { kind: 'ovs-panel', patches: [['a:x', 'b:x']] },
        { kind: 'veth', ends: ['a:y', 'b:y'] },
      ],
    });
    const [first] = pairs;
    expect(first?.path.map(({ kind }) => kind)).toContain('ovs-panel');
    expect(first?.link?.id).toBe('a:x-b:x');
  });

  it('are as many as there are cables in a long chain', () => {
    const count = 300;
    const value = {
      name: 'long',
      nodes: Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, bridged])),
      links: Array.from({ length: count }, (_, i) => ({
        kind: 'veth',
        ends: [`n${i}:r`, `n${(i + 1) % count}:l`],
      })),
    };
    expect(pairsIn(value)).toHaveLength(2 * count);
    expect(pairsIn(value, { from: 'n0:r' })).toHaveLength(count - 1);
  });
});

describe('what is heard', () => {
  const plainBridge = {
    name: 'plain',
    nodes: { a: { kind: 'netns' }, b: { kind: 'netns' } },
    links: [{ kind: 'bridge', ends: ['a:x', 'b:x'] }],
  };

  it('is told class by class, with the hop, reason and way out of each that is lost', () => {
    const [pair] = pairsIn(plainBridge);
    if (!pair) throw new Error('no pair');
    const { hears, lost } = hearingOn(pair.model, pair.path);
    expect(hears).toEqual(expect.arrayContaining(['arp-request', 'icmp', 'unicast-own', 'mtu']));
    expect(lost.find((loss) => loss.class === 'lldp')).toMatchObject({
      outcome: 'drop',
      at: { label: 'a:x-b:x bridge' },
      reason: expect.stringContaining('01:80:c2:00:00:0e') as string,
      remedy: expect.stringContaining('group_fwd_mask') as string,
    });
    expect(new Set([...hears, ...lost.map((loss) => loss.class)]).size).toBe(
      hears.length + lost.length,
    );
  });
});
