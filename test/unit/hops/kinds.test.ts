import { describe, expect, it } from 'vitest';
import { hopKinds } from '../../../src/hops/kinds/index.js';
import { parseFlow } from '../../../src/hops/openflow/parse-flow.js';
import { PLAIN_VLANS } from '../../../src/hops/openflow/vlan-modes.js';
import { findWay } from '../../../src/hops/find-way.js';
import { causeBetween, certainDrop, observableOn } from '../../../src/hops/predict.js';
import type { Frame } from '../../../src/frames/frame.js';
import { membershipReport } from '../../../src/frames/groups.js';
import { groupMac } from '../../../src/frames/mac.js';
import { udpFrame } from '../../../src/frames/values.js';
import type { Hop } from '../../../src/hops/types.js';
import { along, bridgeWith, frame, hop, pathModel } from '../../support/model.js';

/** The rules of each kind by themselves. That the kernel does the same is shown in test/netns/hops-*.test.ts and test/vm. */

const OWN = '02:00:00:00:00:01';
const OTHER = '02:00:00:00:00:99';

const LLDP = frame('lldp', OTHER, '01:80:c2:00:00:0e');
const STP = frame('stp', OTHER, '01:80:c2:00:00:00');
const PAUSE = frame('pause', OTHER, '01:80:c2:00:00:01');
const MDNS = frame('mdns', OTHER, '01:00:5e:00:00:fb');
const QUERY = frame('igmp', OTHER, '01:00:5e:00:00:01');
const REPORT = membershipReport(OTHER, '192.0.2.1', '233.252.0.9');
const OLD_REPORT: Frame = {
  ...REPORT,
  dst: groupMac('233.252.0.9'),
  ipv4: { src: '192.0.2.1', dst: '233.252.0.9', protocol: 2, ttl: 1, dontFragment: true },
  igmp: { type: 0x16, kind: 'report', groups: ['233.252.0.9'] },
};
const LEAVE: Frame = {
  ...OLD_REPORT,
  igmp: { type: 0x17, kind: 'leave', groups: ['233.252.0.9'] },
};
/** A datagram for a group. */
const toGroup = (group: string): Frame =>
  udpFrame(
    { family: group.includes(':') ? 6 : 4, src: '', dst: group },
    { src: OTHER, dst: groupMac(group) },
    { srcPort: 0, dstPort: 9, payload: new Uint8Array() },
  );
const MUTE = { b: { floods: { unicast: true, multicast: false, broadcast: true } } };
const TO_OWN = frame('unicast-own', OTHER, OWN);
const FOREIGN = frame('unicast-foreign', OWN, OTHER);
const TAGGED = frame('vlan-tagged', OTHER, OWN, { vlan: 7 });
const sized = (payload: number, vlan?: number): Frame =>
  frame('over-mtu', OTHER, OWN, { payload, vlan });

const outcome = (path: readonly Hop[], sent: Frame) => along(path, sent).outcome;

describe('every hop kind', () => {
  it.each(hopKinds.map((kind) => [kind.kind, kind] as const))(
    '%s says what it drops',
    (_, kind) => {
      expect(kind.doc.length).toBeGreaterThan(20);
      expect(kind.drops.every((rule) => rule.length > 10)).toBe(true);
    },
  );
});

describe('a guest NIC', () => {
  const path = (settings: object = {}) => [
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
    expect(along(path(), LLDP)).toMatchObject({
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
    const prediction = along(pair(a, b), frame);
    expect(prediction.outcome).toBe(expected);
    if (prediction.outcome === 'drop') expect(prediction.at).toBe(at);
  });

  it('counts no tag once a device has received the frame', () => {
    const path = [...pair(3000, 3000), hop('br', 'bridge', bridgeWith()), ...pair(1500, 1500)];
    expect(outcome(path, sized(1504, 7))).toBe('pass');
    expect(outcome(path, sized(1505, 7))).toBe('drop');
  });

  it('are nothing to the MTU of a bridge that only forwards', () => {
    const path = [
      ...pair(1500, 1500),
      hop('br', 'bridge', bridgeWith({ mtu: 1000 })),
      ...pair(1500, 1500),
    ];
    expect(outcome(path, sized(1500))).toBe('pass');
  });
});

describe('a device that is down', () => {
  it('takes the carrier from its peer, and is captured nowhere', () => {
    const path = [hop('a', 'veth'), hop('b', 'veth', { down: true })];
    expect(along(path, TO_OWN)).toMatchObject({ outcome: 'drop', at: 0 });
    expect(along(path.toReversed(), TO_OWN)).toMatchObject({ outcome: 'drop', at: 0 });
    expect(observableOn({ path, frames: [] })).toEqual([true, false]);
  });
});

describe('a bridge', () => {
  type Ports = Parameters<typeof bridgeWith>[1];
  const path = (settings: object, ports: Ports = {}) => [
    hop('a', 'veth'),
    hop('br', 'bridge', bridgeWith(settings, { a: {}, b: {}, ...ports })),
    hop('b', 'veth'),
  ];

  it.each<[object, Ports, Frame, string]>([
    [{}, {}, STP, 'pass'],
    [{ stp: true }, {}, STP, 'drop'],
    [{ stp: true }, { a: { mask: 1 } }, STP, 'pass'],
    [{ mask: 0x4000 }, {}, LLDP, 'pass'],
    [{ mask: 0xfff8 }, { a: { mask: 0xfffd } }, PAUSE, 'drop'],
    [{}, { a: { isolated: true } }, TO_OWN, 'pass'],
    [{}, { a: { isolated: true }, b: { isolated: true } }, TO_OWN, 'drop'],
    [{ mac: OWN }, {}, TO_OWN, 'drop'],
    [{ snooping: true }, {}, REPORT, 'pass'],
    [{ snooping: true, querier: true }, {}, REPORT, 'pass'],
    [{ snooping: true, querier: true }, {}, OLD_REPORT, 'drop'],
    [{ snooping: true, querier: true }, {}, LEAVE, 'pass'],
    [{ snooping: true, querier: true }, {}, toGroup('233.252.0.9'), 'drop'],
    [{ snooping: true, querier: true }, {}, { ...toGroup('233.252.0.9'), joined: true }, 'pass'],
    [{ snooping: true, querier: true }, {}, toGroup('ff05::9'), 'pass'],
    [{ snooping: true, querier: true, hasIpv6: true }, {}, toGroup('ff05::9'), 'random'],
    [{ snooping: true, querier: true, hasIpv6: true }, {}, toGroup('ff02::1'), 'pass'],
    [{ snooping: true, querier: true }, MUTE, { ...toGroup('233.252.0.9'), joined: true }, 'pass'],
    [{ snooping: true, querier: true }, MUTE, REPORT, 'drop'],
    [{ snooping: true }, MUTE, { ...toGroup('233.252.0.9'), joined: true }, 'drop'],
    [{ snooping: true, querier: true }, {}, QUERY, 'pass'],
    [{ snooping: true, querier: true }, {}, MDNS, 'pass'],
  ])('with %o and ports %o: %o %s', (settings, ports, sent, expected) => {
    expect(outcome(path(settings, ports), sent)).toBe(expected);
  });

  it.each([
    [{}, '0x4000'],
    [{ mask: 0x4 }, '0x4004'],
  ])('with a port of %o tells a mask that keeps what passes already: %s', (own, wider) => {
    expect(along(path({}, { a: own }), LLDP)).toHaveProperty(
      'remedy',
      expect.stringContaining(`\`group_fwd_mask: ${wider}\``),
    );
  });

  const FILTER = { vlan_filtering: true };
  const VLANS = { a: { pvid: 10 }, b: { pvid: 1, tagged: [10, 20] } };

  it('that filters VLANs adds the tag of its port, and takes it off again', () => {
    const two = [
      ...path(FILTER, VLANS),
      hop('b2', 'veth'),
      hop('br2', 'bridge', bridgeWith(FILTER, { b2: { tagged: [10] }, c: { pvid: 10 } })),
      hop('c', 'tap'),
      hop('nic', 'nic', { mac: OWN }, 'sw1'),
    ];
    // The NIC at the end takes no tags: it would drop the frame if one were left.
    expect(outcome(two, TO_OWN)).toBe('pass');
    const tagged = [...path(FILTER, VLANS), hop('nic', 'nic', { mac: OWN }, 'sw1')];
    expect(along(tagged, TO_OWN)).toMatchObject({ outcome: 'drop', at: 3 });
  });

  it.each([
    [{ ...VLANS, b: { tagged: [20] } }, TO_OWN],
    [{ ...VLANS, a: { pvid: 0 } }, TO_OWN],
    [VLANS, TAGGED],
  ])('that filters VLANs with %o drops what is in no VLAN of both ports: %o', (ports, sent) => {
    expect(along(path(FILTER, ports), sent)).toMatchObject({
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
  const path = (settings: object = {}) => [
    hop('a', 'veth'),
    hop('ovs', 'ovs-switch', {
      ...{ forwardBpdu: false, lldp: [], flows: [parseFlow('priority=0,actions=NORMAL')] },
      ports: { a: { number: 1, vlans: PLAIN_VLANS }, b: { number: 2, vlans: PLAIN_VLANS } },
      ...settings,
    }),
    hop('b', 'veth'),
  ];
  const CDP = frame('cdp', OTHER, '01:00:0c:cc:cc:cc');
  const flows = [
    parseFlow('priority=100,in_port=1,actions=drop'),
    parseFlow(`priority=200,in_port=1,dl_dst=${LLDP.dst},actions=output:2`),
  ];

  it.each([
    [{}, LLDP, 'drop'],
    [{}, CDP, 'drop'],
    [{}, MDNS, 'pass'],
    [{ forwardBpdu: true }, PAUSE, 'pass'],
    [{ forwardBpdu: true, lldp: ['a'] }, LLDP, 'drop'],
    [{ forwardBpdu: true, lldp: ['b'] }, LLDP, 'pass'],
    [{ flows }, LLDP, 'pass'],
    [{ flows }, TO_OWN, 'drop'],
    [{}, sized(1501), 'drop'],
  ] as [object, Frame, string][])('with %o: %o %s', (settings, frame, expected) => {
    expect(outcome([hop('big', 'tap'), ...path(settings)].slice(1), frame)).toBe(expected);
  });
});

describe('two macvlans on one lower device', () => {
  const one = (mode: string) => hop('one', 'macvlan', { mode, mac: OTHER }, 'a');
  const two = (mode: string) => hop('two', 'macvlan', { mode, mac: OWN }, 'b');
  const straight = (mode: string) => [one(mode), hop('low', 'veth'), two(mode)];
  /** Out by the lower device to a bridge that reflects, and back. */
  const reflected = (mode: string, mask: number) => {
    const [low, far] = [hop('low', 'veth'), hop('far', 'veth')];
    const relay = hop('relay', 'bridge', bridgeWith({}, { far: { hairpin: true, mask } }));
    return [one(mode), low, far, relay, far, low, two(mode)];
  };

  it.each([
    ['bridge', TO_OWN, 'pass'],
    ['bridge', LLDP, 'random'],
    ['vepa', TO_OWN, 'drop'],
    ['private', MDNS, 'drop'],
  ])('in mode %s: %o %s', (mode, sent, expected) => {
    expect(outcome(straight(mode), sent)).toBe(expected);
  });

  it.each([
    ['vepa', 0, TO_OWN, 'pass'],
    ['vepa', 0, MDNS, 'random'],
    ['vepa', 0, LLDP, 'drop'],
    ['vepa', 0x4000, LLDP, 'random'],
    ['private', 0, TO_OWN, 'pass'],
    ['private', 0, MDNS, 'drop'],
  ])(
    'in mode %s with a neighbour that reflects by mask %i: %o %s',
    (mode, mask, sent, expected) => {
      const path = reflected(mode, mask);
      const [from, to] = [path[0]!, path.at(-1)!];
      const way = findWay(pathModel(path), from, to, sent);
      expect(way?.path.map(({ id }) => id)).toEqual(path.map(({ id }) => id));
      expect(way?.prediction.outcome).toBe(expected);
    },
  );

  it('in mode source take what comes from listed senders, whatever it is', () => {
    const wire = (...sources: string[]) => [
      hop('wire', 'veth'),
      hop('low', 'veth'),
      hop('two', 'macvlan', { mode: 'source', mac: OWN, sources }, 'b'),
    ];
    for (const sent of [LLDP, PAUSE, { ...FOREIGN, src: OTHER }])
      expect(outcome(wire(OWN, OTHER), sent)).toBe('pass');
    expect(outcome(wire(), TO_OWN)).toBe('drop');
  });
});

describe('chance', () => {
  /** Past the macvtap the frame dies at the NIC for certain, or arrives. */
  const path = (nic: object) => [
    hop('veth', 'veth'),
    hop('tap', 'macvtap', { mode: 'vepa', mac: OWN }),
    hop('nic', 'nic', { mac: OWN, ...nic }, 'sw1'),
  ];

  it('is told with its odds and what becomes of the frame if it passes', () => {
    const prediction = along(path({ promisc: true }), LLDP);
    expect(prediction).toMatchObject({ outcome: 'random', at: 1, rest: { outcome: 'pass' } });
    expect(prediction).toHaveProperty('probability', 3 / 256);
    expect(certainDrop(prediction)).toBeUndefined();
  });

  it('hides no certain drop behind it', () => {
    const prediction = along(path({}), LLDP);
    expect(certainDrop(prediction)).toMatchObject({ at: 2 });
    expect(causeBetween(prediction, 0, 1)).toMatchObject({ at: 1 });
    expect(causeBetween(prediction, 1, 2)).toMatchObject({ at: 1 });
    expect(causeBetween(prediction, 2, 2)).toMatchObject({ at: 2 });
    expect(causeBetween({ outcome: 'pass' }, 0, 1)).toBeUndefined();
  });

  it('plays no part where the guest joined the group and its filter is trusted, or its NIC is open', () => {
    const trusted = (nic: object): Hop[] =>
      path(nic).map((each) => ({
        ...each,
        settings: { ...each.settings, trustGuestRxFilters: true },
      }));
    expect(outcome(trusted({}), { ...LLDP, joined: true })).toBe('pass');
    expect(outcome(trusted({ promisc: true }), LLDP)).toBe('pass');
    expect(outcome(trusted({}), LLDP)).toBe('random');
  });
});
