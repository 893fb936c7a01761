import { describe, expect, it } from 'vitest';
import { hopKinds } from '../../../src/hops/kinds/index.js';
import { causeBetween, certainDrop, observableOn, predict } from '../../../src/hops/predict.js';
import type { FrameSpec, Hop, HopSettings } from '../../../src/hops/types.js';

/** The rules of each kind by themselves. That the kernel does the same is shown in test/netns/hops-*.test.ts and test/vm. */

const OWN = '02:00:00:00:00:01';
const OTHER = '02:00:00:00:00:99';

const hop = (id: string, kind: string, settings: HopSettings = {}, stack = '@host'): Hop => ({
  ...{ id, kind, stack, device: id, label: id, settings },
});

const LLDP: FrameSpec = { class: 'lldp', src: OTHER, dst: '01:80:c2:00:00:0e' };
const STP: FrameSpec = { class: 'stp', src: OTHER, dst: '01:80:c2:00:00:00' };
const PAUSE: FrameSpec = { class: 'pause', src: OTHER, dst: '01:80:c2:00:00:01' };
const MDNS: FrameSpec = { class: 'mdns', src: OTHER, dst: '01:00:5e:00:00:fb' };
const QUERY: FrameSpec = { class: 'igmp', src: OTHER, dst: '01:00:5e:00:00:01' };
const REPORT: FrameSpec = { class: 'igmp', src: OTHER, dst: '01:00:5e:09:09:09' };
const TO_OWN: FrameSpec = { class: 'unicast-own', src: OTHER, dst: OWN };
const FOREIGN: FrameSpec = { class: 'unicast-foreign', src: OWN, dst: OTHER };
const TAGGED: FrameSpec = { class: 'vlan-tagged', src: OTHER, dst: OWN, vlan: 7 };
const sized = (payload: number, vlan?: number): FrameSpec => ({
  ...{ class: 'over-mtu', src: OTHER, dst: OWN, payload },
  ...(vlan !== undefined && { vlan }),
});

const outcome = (path: readonly Hop[], frame: FrameSpec) => predict(path, frame).outcome;

describe('every hop kind', () => {
  it.each(hopKinds.map((kind) => [kind.kind, kind] as const))(
    '%s says what it drops',
    (_, kind) => {
      expect(kind.doc.length).toBeGreaterThan(20);
      expect(kind.drops.every((rule) => rule.length > 10)).toBe(true);
    },
  );
});

describe('a guest card', () => {
  const path = (settings: HopSettings = {}) => [
    hop('tap', 'tap'),
    hop('nic', 'nic', { mac: OWN, ...settings }, 'sw1'),
  ];

  it.each([
    [LLDP, 'drop'],
    [{ ...LLDP, joined: true }, 'pass'],
    [QUERY, 'pass'],
    [TO_OWN, 'pass'],
    [FOREIGN, 'drop'],
    [TAGGED, 'drop'],
    [sized(9000), 'pass'],
  ] as const)('takes %o: %s', (frame, expected) => {
    expect(outcome(path(), frame)).toBe(expected);
  });

  it('takes everything when it is promiscuous, as ports of bridges are', () => {
    for (const frame of [LLDP, FOREIGN, TAGGED, PAUSE])
      expect(outcome(path({ promisc: true }), frame)).toBe('pass');
  });

  it('drops before the guest sees it: the tap is the last that does', () => {
    expect(predict(path(), LLDP)).toMatchObject({
      outcome: 'drop',
      at: 1,
      source: expect.stringContaining('receive_filter') as string,
    });
  });

  it('sends anything, up to its MTU', () => {
    expect(outcome(path().toReversed(), FOREIGN)).toBe('pass');
    expect(outcome(path().toReversed(), sized(1501))).toBe('drop');
  });
});

describe('sizes', () => {
  const pair = (sender: number, receiver: number) => [
    hop('a', 'veth', { mtu: sender }),
    hop('b', 'veth', { mtu: receiver }),
  ];

  it.each([
    [1500, 1500, sized(1501), 'drop', 0],
    [3000, 1500, sized(1504), 'pass', undefined],
    [3000, 1500, sized(1505), 'drop', 1],
    [3000, 1500, sized(1501, 7), 'drop', 1],
    [3000, 1500, sized(1500, 7), 'pass', undefined],
  ] as const)('from MTU %i to %i: %o %s', (a, b, frame, expected, at) => {
    const prediction = predict(pair(a, b), frame);
    expect(prediction.outcome).toBe(expected);
    if (prediction.outcome === 'drop') expect(prediction.at).toBe(at);
  });

  it('counts no tag once a device has received the frame', () => {
    const path = [...pair(3000, 3000), hop('br', 'bridge'), ...pair(1500, 1500)];
    expect(outcome(path, sized(1504, 7))).toBe('pass');
    expect(outcome(path, sized(1505, 7))).toBe('drop');
  });

  it('are nothing to the MTU of a bridge that only forwards', () => {
    const path = [...pair(1500, 1500), hop('br', 'bridge', { mtu: 1000 }), ...pair(1500, 1500)];
    expect(outcome(path, sized(1500))).toBe('pass');
  });
});

describe('a device that is down', () => {
  it('takes the carrier from its peer, and is captured nowhere', () => {
    const path = [hop('a', 'veth'), hop('b', 'veth', { down: true })];
    expect(predict(path, TO_OWN)).toMatchObject({ outcome: 'drop', at: 0 });
    expect(predict(path.toReversed(), TO_OWN)).toMatchObject({ outcome: 'drop', at: 0 });
    expect(observableOn(path)).toEqual([true, false]);
  });
});

describe('a bridge', () => {
  const path = (settings: HopSettings) => [
    hop('a', 'veth'),
    hop('br', 'bridge', settings),
    hop('b', 'veth'),
  ];

  it.each([
    [{}, STP, 'pass'],
    [{ stp: true }, STP, 'drop'],
    [{ stp: true, 'mask a': 1 }, STP, 'pass'],
    [{ mask: 0x4000 }, LLDP, 'pass'],
    [{ mask: 0xfff8, 'mask a': 0xfffd }, PAUSE, 'drop'],
    [{ 'isolated a': true }, TO_OWN, 'pass'],
    [{ 'isolated a': true, 'isolated b': true }, TO_OWN, 'drop'],
    [{ mac: OWN }, TO_OWN, 'drop'],
    [{ snooping: true }, REPORT, 'pass'],
    [{ snooping: true, querier: true }, REPORT, 'drop'],
    [{ snooping: true, querier: true }, QUERY, 'pass'],
    [{ snooping: true, querier: true }, MDNS, 'pass'],
  ] as const)('with %o: %o %s', (settings, frame, expected) => {
    expect(outcome(path(settings), frame)).toBe(expected);
  });

  const VLANS = { vlan_filtering: true, 'pvid a': 10, 'pvid b': 1, 'vlans b': '10,20' };

  it('that filters VLANs adds the tag of its port, and takes it off again', () => {
    const two = [
      ...path(VLANS),
      hop('br2', 'bridge', { vlan_filtering: true, 'vlans b': '10', 'pvid c': 10 }),
      hop('c', 'tap'),
      hop('nic', 'nic', { mac: OWN }, 'sw1'),
    ];
    // The card at the end takes no tags: it would drop the frame if one were left.
    expect(outcome(two, TO_OWN)).toBe('pass');
    const tagged = [...path(VLANS), hop('nic', 'nic', { mac: OWN }, 'sw1')];
    expect(predict(tagged, TO_OWN)).toMatchObject({ outcome: 'drop', at: 3 });
  });

  it.each([
    [{ ...VLANS, 'vlans b': '20' }, TO_OWN],
    [{ ...VLANS, 'pvid a': 0 }, TO_OWN],
    [VLANS, TAGGED],
  ])('that filters VLANs with %o drops what is in no VLAN of both ports: %o', (settings, frame) => {
    expect(predict(path(settings), frame)).toMatchObject({
      outcome: 'drop',
      at: 1,
      source: expect.stringContaining('br_vlan.c') as string,
    });
  });

  it('hands up to its own device what is for its MAC or a group, not what is for another', () => {
    const up = path({ mac: OWN }).slice(0, 2);
    expect(outcome(up, TO_OWN)).toBe('pass');
    expect(outcome(up, MDNS)).toBe('pass');
    expect(outcome(up, FOREIGN)).toBe('drop');
    expect(outcome(up, LLDP)).toBe('drop');
  });
});

describe('an Open vSwitch switch', () => {
  const path = (settings: HopSettings = {}) => [
    hop('a', 'veth'),
    hop('ovs', 'ovs-switch', settings),
    hop('b', 'veth'),
  ];
  const CDP: FrameSpec = { class: 'cdp', src: OTHER, dst: '01:00:0c:cc:cc:cc' };
  const flows = JSON.stringify([
    { from: 'a', to: [], priority: 100 },
    { from: 'a', to: ['b'], dst: LLDP.dst, priority: 200 },
  ]);

  it.each([
    [{}, LLDP, 'drop'],
    [{}, CDP, 'drop'],
    [{}, MDNS, 'pass'],
    [{ forwardBpdu: true }, PAUSE, 'pass'],
    [{ forwardBpdu: true, 'lldp a': true }, LLDP, 'drop'],
    [{ forwardBpdu: true, 'lldp b': true }, LLDP, 'pass'],
    [{ flows }, LLDP, 'pass'],
    [{ flows }, TO_OWN, 'drop'],
    [{}, sized(1501), 'drop'],
  ] as const)('with %o: %o %s', (settings, frame, expected) => {
    expect(outcome([hop('big', 'tap'), ...path(settings)].slice(1), frame)).toBe(expected);
  });
});

describe('two macvlans on one lower device', () => {
  const path = (mode: string, lower: HopSettings = {}, receiver: HopSettings = {}) => [
    hop('one', 'macvlan', { mode, lower: 'low', mac: OTHER }, 'a'),
    hop('low', 'veth', lower),
    hop('two', 'macvlan', { mode, lower: 'low', mac: OWN, ...receiver }, 'b'),
  ];
  const RELAY = { relay: true, relayMask: 0 };

  it.each([
    ['bridge', {}, TO_OWN, 'pass'],
    ['bridge', {}, LLDP, 'random'],
    ['vepa', {}, TO_OWN, 'drop'],
    ['vepa', RELAY, TO_OWN, 'pass'],
    ['vepa', RELAY, MDNS, 'random'],
    ['vepa', RELAY, LLDP, 'drop'],
    ['vepa', { ...RELAY, relayMask: 0x4000 }, LLDP, 'random'],
    ['private', RELAY, TO_OWN, 'pass'],
    ['private', RELAY, MDNS, 'drop'],
  ])('in mode %s on %o: %o %s', (mode, lower, frame, expected) => {
    expect(outcome(path(mode, lower), frame)).toBe(expected);
  });

  it('in mode source take what comes from listed senders, whatever it is', () => {
    const wire = (sources: string) => [
      hop('wire', 'veth'),
      hop('low', 'veth'),
      hop('two', 'macvlan', { mode: 'source', lower: 'low', mac: OWN, sources }, 'b'),
    ];
    for (const frame of [LLDP, PAUSE, { ...FOREIGN, src: OTHER }])
      expect(outcome(wire(`${OWN},${OTHER}`), frame)).toBe('pass');
    expect(outcome(wire(''), TO_OWN)).toBe('drop');
  });
});

describe('chance', () => {
  /** Past the macvtap the frame dies at the card for certain, or arrives. */
  const path = (nic: HopSettings) => [
    hop('veth', 'veth'),
    hop('tap', 'macvtap', { mode: 'vepa', lower: 'veth', mac: OWN }),
    hop('nic', 'nic', { mac: OWN, ...nic }, 'sw1'),
  ];

  it('is told with its odds and what becomes of the frame if it passes', () => {
    const prediction = predict(path({ promisc: true }), LLDP);
    expect(prediction).toMatchObject({ outcome: 'random', at: 1, rest: { outcome: 'pass' } });
    expect(prediction).toHaveProperty('probability', 3 / 256);
    expect(certainDrop(prediction)).toBeUndefined();
  });

  it('hides no certain drop behind it', () => {
    const prediction = predict(path({}), LLDP);
    expect(certainDrop(prediction)).toMatchObject({ at: 2 });
    expect(causeBetween(prediction, 0, 1)).toMatchObject({ at: 1 });
    expect(causeBetween(prediction, 1, 2)).toMatchObject({ at: 1 });
    expect(causeBetween(prediction, 2, 2)).toMatchObject({ at: 2 });
    expect(causeBetween({ outcome: 'pass' }, 0, 1)).toBeUndefined();
  });

  it('plays no part where the guest joined the group and its filter is trusted, or its card is open', () => {
    const trusted = (nic: HopSettings): Hop[] =>
      path(nic).map((each) => ({
        ...each,
        settings: { ...each.settings, trustGuestRxFilters: true },
      }));
    expect(outcome(trusted({}), { ...LLDP, joined: true })).toBe('pass');
    expect(outcome(trusted({ promisc: true }), LLDP)).toBe('pass');
    expect(outcome(trusted({}), LLDP)).toBe('random');
  });
});
