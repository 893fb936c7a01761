import { describe, expect, it } from 'vitest';
import { ANY_FACTS } from '../../../src/links/define.js';
import { cablePairs } from '../../../src/plan/pairs.js';
import { wire } from '../../../src/plan/wire.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { moduleSource } from '../../../src/topology/source.js';
import { adjacencyOf, type Heard } from '../../../src/verify/findings/adjacency.js';
import type {
  Claim,
  SeenDevice,
  SeenDevices,
  Retried,
} from '../../../src/verify/findings/define.js';
import { findAll } from '../../../src/verify/findings/index.js';
import {
  fatesOf,
  isAsDeclared,
  judgeNeighbours,
} from '../../../src/verify/judge/judge-neighbours.js';
import type { Verdict } from '../../../src/verify/judge/verdict.js';

/** a - b and c - d on cables, and a bridge of the host between a and c. */
const value = {
  name: 'four',
  nodes: {
    a: { kind: 'netns', addresses: { x: '10.0.0.1/24' }, ports: { x: { mtu: 9000 } } },
    b: { kind: 'netns', addresses: { x: '10.0.0.2/24' } },
    c: { kind: 'netns' },
    d: { kind: 'netns' },
  },
  links: [
    { kind: 'veth', ends: ['a:x', 'b:x'] },
    { kind: 'veth', ends: ['c:x', 'd:x'] },
    { kind: 'bridge', ends: ['a:y', 'c:y'] },
  ],
};
const { lab } = parseTopology({ source: moduleSource('test'), value, problems: [] });
const wiring = wire(lab, ANY_FACTS);
const { graph, model } = wiring;

const hop = (id: string) => graph.hops.get(id) ?? expect.fail(`there is no ${id}`);
const macOf = (id: string): string => hop(id).settings.mac ?? '';

/** Devices as the lab has them, with changes by the id of their hop. */
function stateOf(changes: Readonly<Record<string, Partial<SeenDevice>>> = {}): SeenDevices {
  return new Map(
    lab.nodes.map((node) => [
      node.name,
      node.ports.map((port): SeenDevice => ({
        name: port.name,
        mac: port.mac,
        mtu: port.mtu ?? 1500,
        up: true,
        addresses: node.addresses.filter(({ device }) => device === port.name).map(({ ip }) => ip),
        ...changes[`${node.name} ${port.name}`],
      })),
    ]),
  );
}

const hears = (at: string, from: string): Heard => ({
  at: hop(at),
  chassis: macOf(from),
  port: from.split(' ')[1] ?? '',
});
const AS_DECLARED = [
  hears('a x', 'b x'),
  hears('b x', 'a x'),
  hears('c x', 'd x'),
  hears('d x', 'c x'),
  // What a capture sees of the port's own sending.
  hears('a x', 'a x'),
];

interface Given {
  readonly state?: SeenDevices;
  readonly heard?: readonly Heard[];
  readonly claims?: readonly Claim[];
  readonly verdicts?: readonly Verdict[];
  readonly again?: readonly Retried[];
}
const found = ({ state = stateOf(), heard = AS_DECLARED, ...rest }: Given) =>
  findAll({
    ...{ lab, graph, state, heard, claims: [], strays: [], verdicts: [], again: [], ...rest },
    adjacency: adjacencyOf(lab, model, state),
  });
const kinds = (given: Given) => found(given).map(({ kind, where }) => [kind, ...where].join(' '));

describe('findings', () => {
  it('are none where all is as the topology has it', () => {
    const claims = [{ ip: '10.0.0.1', mac: macOf('a x'), isAnswer: true }];
    expect(kinds({ claims })).toEqual([]);
    expect(kinds({ state: new Map(), heard: [] })).toEqual([]);
  });

  it('tell of a crossed cable once, whichever end heard it', () => {
    const heard = [hears('a x', 'd x'), hears('d x', 'a x'), hears('c x', 'b x')];
    expect(kinds({ heard })).toEqual(['crossed-cable a:x d:x', 'crossed-cable c:x b:x']);
    expect(found({ heard })[0]?.why).toContain('b:x');
  });

  it('tell of a second neighbour where the first is there too, known or not', () => {
    const stranger = { at: hop('a x'), chassis: '02:de:ad:00:00:01', port: 'eth9' };
    const heard = [...AS_DECLARED, stranger, hears('b x', 'c x')];
    expect(found({ heard }).map(({ kind, what }) => [kind, what])).toEqual([
      ['second-neighbour', 'a:x hears a second neighbour: eth9 of 02:de:ad:00:00:01.'],
      ['second-neighbour', 'b:x hears a second neighbour: c:x.'],
    ]);
  });

  it('leave out the device of this machine that a port is plugged into, which may speak for its switch', () => {
    const plug = (graph.neighbours.get('a y') ?? []).map((id) => hop(id).device)[0] ?? '';
    const switchAt = (at: string): Heard => ({
      at: hop(at),
      chassis: '02:00:00:00:00:78',
      port: plug,
    });
    const heard = [hears('a y', 'c y'), hears('c y', 'a y'), ...AS_DECLARED];
    expect(kinds({ heard: [...heard, switchAt('a y')] })).toEqual([]);
    expect(kinds({ heard: [...heard, switchAt('c y')] })).toEqual(['second-neighbour c:y']);
  });

  it('know a neighbour by the MAC that it really has', () => {
    const mac = '02:00:00:00:00:77';
    const state = stateOf({ 'b x': { mac } });
    expect(kinds({ state, heard: [{ at: hop('a x'), chassis: mac, port: 'x' }] })).toEqual([
      'port-mac b:x',
    ]);
  });

  it('tell of MACs and addresses that two stacks have', () => {
    const state = stateOf({
      'd x': { mac: macOf('a x') },
      'c x': { addresses: ['10.0.0.2'] },
    });
    expect(kinds({ state })).toEqual([
      'duplicate-mac a:x d:x',
      'duplicate-address b:x c:x',
      'port-mac d:x',
    ]);
  });

  it('leave out addresses of zeros, which the kernel gives tunnels of its own', () => {
    const state = stateOf({ 'c x': { mac: '0.0.0.0' }, 'd x': { mac: '0.0.0.0' } });
    expect(kinds({ state })).toEqual(['port-mac c:x', 'port-mac d:x']);
  });

  it('tell of an address that two claim in ARP, and not of a stack that answers by two devices', () => {
    const claim = (id: string): Claim => ({ ip: '10.0.0.1', mac: macOf(id), isAnswer: false });
    expect(kinds({ claims: [claim('a x'), claim('a y')] })).toEqual([]);
    const stranger = { ip: '10.0.0.1', mac: '02:de:ad:00:00:01', isAnswer: false };
    expect(found({ claims: [claim('a x'), stranger] })).toMatchObject([
      { kind: 'duplicate-address', what: expect.stringContaining('something unknown') as string },
    ]);
  });

  it('tell of ports in the wrong order', () => {
    const state = stateOf({ 'a x': { mac: macOf('a y') }, 'a y': { mac: macOf('a x') } });
    expect(kinds({ state, heard: [] })).toEqual(['port-mac a:x', 'port-mac a:y']);
    expect(found({ state, heard: [] })[0]?.what).toContain('wrong order');
  });

  it('tell of an MTU that is not the one of the file, or not the usual one', () => {
    const state = stateOf({ 'a x': { mtu: 1500 }, 'd x': { mtu: 1400 } });
    expect(kinds({ state })).toEqual(['wrong-mtu a:x', 'wrong-mtu d:x']);
    expect(found({ state })[0]?.fix).toContain('mtu 9000');
  });

  it('tell of a link that works one way only, where the model knows no reason', () => {
    const verdict = (from: string, to: string, more: Partial<Verdict>): Verdict => ({
      ...{ probe: 'lldp', from, to, expect: 'pass', at: null, leg: 'frame', message: '', ms: 1 },
      ...{ variant: null, surprise: null, overheard: null, blame: null, outcome: 'pass' },
      predicted: { outcome: 'pass', leg: null, at: null },
      hops: [
        {
          host: 'local',
          stack: to,
          device: 'x',
          kind: 'veth',
          label: to,
          seen: true,
          altered: null,
        },
      ],
      ...more,
    });
    const arrives = verdict('b:x', 'a:x', {});
    const blame = { leg: 'frame', lastSeen: 'a:x', firstMissed: 'b:x', at: 'b:x', reason: null };
    const dies = {
      outcome: 'fail',
      blame: { ...blame, remedy: null, source: null, predicted: false },
    } as const;
    expect(kinds({ verdicts: [arrives, verdict('a:x', 'b:x', dies)] })).toEqual([
      'one-way-link a:x b:x',
    ]);
    const foreseen = { ...dies, predicted: { outcome: 'blocked', leg: null, at: null } } as const;
    expect(kinds({ verdicts: [arrives, verdict('a:x', 'b:x', foreseen)] })).toEqual([]);
    expect(kinds({ verdicts: [arrives, verdict('a:x', 'b:x', { outcome: 'error' })] })).toEqual([]);
    // What became of a frame of one class says nothing of another.
    const other = verdict('a:x', 'b:x', { ...dies, variant: 'lacp' });
    expect(kinds({ verdicts: [arrives, other] })).toEqual([]);
  });
});

describe('what was sent twice', () => {
  it('differs where somebody watches, and is no contradiction of the topology', () => {
    const frame = { leg: 'LLDP', from: 'a:x', to: 'b:x', watchers: ['b:x macvtap'] };
    const again = [
      { ...frame, arrived: true, watched: true },
      { ...frame, arrived: false, watched: true },
      { ...frame, arrived: true, watched: false },
      { ...frame, arrived: true, watched: null },
    ];
    expect(found({ again })).toMatchObject([
      { kind: 'heisenbug', severity: 'warning', what: expect.stringContaining('only') as string },
      { kind: 'heisenbug', fix: 'Watch with `tcpdump -p`.' },
      { kind: 'heisenbug', what: expect.stringContaining('could not be watched') as string },
    ]);
  });
});

describe('neighbours', () => {
  const judged = (heard: readonly Heard[], deaf = new Map<string, string>()) =>
    judgeNeighbours(
      adjacencyOf(lab, model, stateOf()),
      fatesOf(model, cablePairs(wiring)),
      heard,
      deaf,
    );
  const told = (heard: readonly Heard[], deaf?: Map<string, string>) =>
    judged(heard, deaf).map((one) => `${one.port} ${one.neighbour} ${one.state}`);

  it('are expected where the cable leads to, and no fault where the model says that LLDP is lost', () => {
    expect(told(AS_DECLARED).sort()).toEqual([
      'a:x b:x expected',
      'a:y c:y missing',
      'b:x a:x expected',
      'c:x d:x expected',
      'c:y a:y missing',
      'd:x c:x expected',
    ]);
    expect(judged(AS_DECLARED).map(isAsDeclared)).toEqual(Array(6).fill(true));
  });

  it('are missing, unexpected, or unknown', () => {
    const heard = [hears('a x', 'd x'), hears('b x', 'a x'), hears('c x', 'd x')];
    const deaf = new Map([['d x', 'nobody is there']]);
    const all = judged(heard, deaf);
    expect(told(heard, deaf)).toEqual(
      expect.arrayContaining(['a:x b:x missing', 'a:x d:x unexpected', 'd:x c:x unknown']),
    );
    expect(all.find(({ state }) => state === 'unknown')?.reason).toBe('nobody is there');
    const verdicts = new Map(all.map((one) => [`${one.port} ${one.neighbour}`, isAsDeclared(one)]));
    expect(verdicts.get('a:x b:x')).toBe(false);
    expect(verdicts.get('a:x d:x')).toBe(false);
    expect(verdicts.get('d:x c:x')).toBe('unknown');
  });
});
