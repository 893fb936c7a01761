import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinFragments, pathBetween } from '../../../src/hops/graph.js';
import { observableOn } from '../../../src/hops/predict.js';
import { isGroup, reservedNumber } from '../../../src/frames/mac.js';
import type { Frame } from '../../../src/frames/frame.js';
import { wireEdge } from '../../../src/hops/types.js';
import { along, bridgeWith, frame, hop } from '../../support/model.js';

const GUEST = '02:00:00:00:00:01';
const BEHIND = '02:00:00:00:00:99';

const LLDP = frame('lldp', BEHIND, '01:80:c2:00:00:0e');
const BROADCAST = frame('arp-request', BEHIND, 'ff:ff:ff:ff:ff:ff');
const TO_GUEST = frame('arp-reply', BEHIND, GUEST);
const TO_BEHIND = frame('arp-reply', GUEST, BEHIND);

describe('a macvtap', () => {
  const inwards = (settings: object) => [
    hop('veth', 'veth'),
    hop('tap', 'macvtap', { mac: GUEST, ...settings }),
    // It takes everything, so that what is lost is lost before.
    hop('nic', 'nic', { promisc: true }),
  ];
  const outcome = (settings: object, sent: Frame) => along(inwards(settings), sent).outcome;

  // What was seen on a kernel, see docs: frames towards the guest by mode and flag.
  it.each([
    ['vepa', {}, { lldp: 'random', broadcast: 'pass', own: 'pass', behind: 'drop' }],
    ['bridge', {}, { lldp: 'random', broadcast: 'pass', own: 'pass', behind: 'drop' }],
    ['private', {}, { lldp: 'random', broadcast: 'pass', own: 'pass', behind: 'drop' }],
    ['passthru', {}, { lldp: 'random', broadcast: 'pass', own: 'pass', behind: 'pass' }],
    ['vepa', { promisc: true }, { lldp: 'pass', broadcast: 'pass', own: 'pass', behind: 'drop' }],
    [
      'vepa',
      { allmulticast: true },
      { lldp: 'pass', broadcast: 'pass', own: 'pass', behind: 'drop' },
    ],
    [
      'passthru',
      { allmulticast: true },
      { lldp: 'pass', broadcast: 'pass', own: 'pass', behind: 'pass' },
    ],
  ])('in mode %s with %o lets in %o', (mode, flags, expected) => {
    const settings = { mode, ...flags };
    expect({
      lldp: outcome(settings, LLDP),
      broadcast: outcome(settings, BROADCAST),
      own: outcome(settings, TO_GUEST),
      behind: outcome(settings, TO_BEHIND),
    }).toEqual(expected);
  });

  it.each(['vepa', 'bridge', 'private', 'passthru'])('in mode %s lets everything out', (mode) => {
    for (const sent of [LLDP, BROADCAST, TO_GUEST, TO_BEHIND])
      expect(along(inwards({ mode }).toReversed(), sent).outcome).toBe('pass');
  });

  it('says at which hop, why, and what to do', () => {
    const prediction = along(inwards({ mode: 'vepa' }), TO_BEHIND);
    expect(prediction).toMatchObject({ outcome: 'drop', at: 1 });
    expect(prediction).toHaveProperty('reason', expect.stringContaining(BEHIND));
    expect(prediction).toHaveProperty('remedy', expect.stringContaining('passthru'));
    expect(prediction).toHaveProperty('source', expect.stringContaining('macvlan.c'));
  });
});

describe('a bridge', () => {
  const path = (mask: number) => [
    hop('a', 'veth'),
    hop('br', 'bridge', bridgeWith({}, { a: { mask } })),
    hop('b', 'veth'),
  ];

  it('keeps each reserved address unless the ingress port lets it through', () => {
    fc.assert(
      fc.property(fc.nat({ max: 15 }), fc.nat({ max: 0xffff }), (number, mask) => {
        const dst = `01:80:c2:00:00:0${number.toString(16)}`;
        // BPDUs pass a bridge without spanning tree, and PAUSE passes none.
        const open = number === 0 || (number !== 1 && (mask & (1 << number)) !== 0);
        expect(along(path(mask), { ...LLDP, dst }).outcome).toBe(open ? 'pass' : 'drop');
      }),
    );
  });

  it('reads the mask of the port that the frame enters, not of the one it leaves by', () => {
    expect(along(path(0x4000), LLDP).outcome).toBe('pass');
    expect(along(path(0x4000).toReversed(), LLDP).outcome).toBe('drop');
  });

  it('can be captured where the path ends at it, not where it only crosses', () => {
    expect(observableOn({ path: path(0), frames: [] })).toEqual([true, false, true]);
    expect(observableOn({ path: path(0).slice(0, 2), frames: [] })).toEqual([true, true]);
  });
});

describe('address classes', () => {
  it('tells group addresses and the reserved ones', () => {
    expect(isGroup('01:80:c2:00:00:0e')).toBe(true);
    expect(isGroup(GUEST)).toBe(false);
    expect(reservedNumber('01:80:c2:00:00:0e')).toBe(14);
    expect(reservedNumber('01:80:c2:00:00:10')).toBeUndefined();
  });
});

describe('pathBetween', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const hops = ids.map((id) => hop(id, 'veth'));

  it('finds the shortest way, and the same one backwards', () => {
    const graph = joinFragments([
      {
        hops,
        edges: [wireEdge('a', 'b'), wireEdge('b', 'c'), wireEdge('c', 'd'), wireEdge('b', 'd')],
      },
    ]);
    const names = (from: string, to: string) => pathBetween(graph, from, to)?.map(({ id }) => id);
    expect(names('a', 'd')).toEqual(['a', 'b', 'd']);
    expect(names('d', 'a')).toEqual(['d', 'b', 'a']);
    expect(names('a', 'a')).toEqual(['a']);
  });

  it('finds none where nothing joins the ends', () => {
    const graph = joinFragments([{ hops, edges: [wireEdge('a', 'b')] }]);
    expect(pathBetween(graph, 'a', 'd')).toBeUndefined();
  });
});
