import { describe, expect, it } from 'vitest';
import { PatchlabError } from '../../../src/errors.js';
import { wire } from '../../../src/plan/wire.js';
import { chooseHops } from '../../../src/verify/capture/choose.js';
import { FACTS, labOf } from '../../support/lab-of.js';

const lab = labOf({
  name: 'chosen',
  nodes: {
    a: { kind: 'netns' },
    b: {
      kind: 'netns',
      namespaces: ['c1'],
      devices: [
        { kind: 'veth', name: 'c1up', peer: 'c1:eth0' },
        { kind: 'bridge', name: 'br0', members: ['eth1', 'c1up'] },
      ],
    },
    sw1: { kind: 'vm' },
    sw2: { kind: 'vm' },
  },
  links: [
    { kind: 'bridge', ends: ['a:eth1', 'b:eth1'] },
    { name: 'wire', kind: 'udp', ends: ['sw1:eth1', 'sw2:eth1'] },
  ],
});
const { graph } = wire(lab, FACTS);
const choose = (...asked: string[]) => chooseHops(lab, graph, asked).map(({ label }) => label);
const refusal = (...asked: string[]): PatchlabError => {
  try {
    choose(...asked);
  } catch (error) {
    if (error instanceof PatchlabError) return error;
  }
  throw new Error(`${asked.join(' ')} was not refused`);
};

describe('where to capture', () => {
  it('is everywhere that sees what crosses it, where nothing is said', () => {
    const all = choose();
    expect(all).toEqual(expect.arrayContaining(['a:eth1', 'a:eth1 veth', 'b/c1:eth0', 'sw1:eth1']));
    expect(all).not.toEqual(expect.arrayContaining(['b:br0']));
    expect(all).not.toEqual(expect.arrayContaining(['a:eth1-b:eth1 bridge']));
    expect(all).not.toEqual(expect.arrayContaining(['wire udp']));
  });

  it('is a node with its inner namespaces, or one namespace', () => {
    expect(choose('b')).toEqual(['b:eth1', 'b:c1up', 'b/c1:eth0']);
    expect(choose('b/c1')).toEqual(['b/c1:eth0']);
  });

  it('is the way of a link from end to end', () => {
    expect(choose('a:eth1-b:eth1').sort()).toEqual([
      'a:eth1',
      'a:eth1 veth',
      'b:eth1',
      'b:eth1 veth',
    ]);
  });

  it('is the port that a link with one end is called like', () => {
    const one = labOf({
      name: 'one',
      nodes: { a: { kind: 'netns' } },
      links: [{ kind: 'macvlan', mode: 'passthru', ends: ['a:eth1'] }],
    });
    const hops = chooseHops(one, wire(one, FACTS).graph, ['a:eth1']);
    expect(hops.map(({ label }) => label)).toEqual(['a:eth1']);
  });

  it('is a hop by its label, or by the name that its device has on this machine', () => {
    expect(choose('a:eth1 veth')).toEqual(['a:eth1 veth']);
    const hop = [...graph.hops.values()].find(({ label }) => label === 'a:eth1 veth');
    expect(choose(hop?.device ?? '')).toEqual(['a:eth1 veth']);
  });

  it('is the ports of a switch, and the ends of a cable without a device', () => {
    expect(choose('a:eth1-b:eth1 bridge').sort()).toEqual(['a:eth1 veth', 'b:eth1 veth']);
    expect(choose('b:br0').sort()).toEqual(['b:c1up', 'b:eth1']);
    expect(choose('wire udp').sort()).toEqual(['sw1:eth1', 'sw2:eth1']);
    expect(choose('wire').sort()).toEqual(['sw1:eth1', 'sw2:eth1']);
  });

  it('is the host’s side of a guest that has no agent', () => {
    const shut = labOf({
      name: 'shut',
      nodes: { v: { kind: 'vm', agent: false }, a: { kind: 'netns' } },
      links: [{ kind: 'bridge', ends: ['v:eth1', 'a:eth1'] }],
    });
    const hops = (...asked: string[]) =>
      chooseHops(shut, wire(shut, FACTS).graph, asked).map(({ label }) => label);
    expect(hops('v')).toEqual(['v:eth1 tap']);
    expect(hops()).toEqual(expect.arrayContaining(['v:eth1 tap', 'a:eth1']));
    expect(hops()).not.toContain('v:eth1');
  });

  it('is each hop once, in one order, however often and in whatever order it is named', () => {
    expect(choose('a:eth1-b:eth1', 'a:eth1', 'a')).toEqual(choose('a', 'a:eth1-b:eth1'));
  });

  it('is refused where the lab has no such place, with what may be meant', () => {
    expect(refusal('b:eth1-a:eth1')).toMatchObject({ code: 'lab/unknown-place' });
    expect(refusal('b:eth1-a:eth1').fix).toContain('`a:eth1-b:eth1`');
    expect(refusal('link1 bridge').fix).toBe('write `a:eth1-b:eth1 bridge`');
    expect(refusal('a', 'nothing of it').fix).toContain('`a:eth1 veth`');
  });

  it('is refused where nothing could be seen', () => {
    const empty = labOf({ name: 'alone', nodes: { a: { kind: 'netns' } }, links: [] });
    const alone = wire(empty, FACTS);
    expect(() => chooseHops(empty, alone.graph, ['a'])).toThrow('`a` can be captured on');
  });
});
