import { describe, expect, it } from 'vitest';
import type { BondSettings } from '../../../src/hops/bonding.js';
import { frame, hop } from '../../support/model.js';
import { joinFragments } from '../../../src/hops/graph.js';
import { modelOf } from '../../../src/hops/model.js';
import { deliveriesOf, walk } from '../../../src/hops/walk.js';
import { findWay } from '../../../src/hops/find-way.js';
import { portEdge, wireEdge } from '../../../src/hops/types.js';
import type { Frame } from '../../../src/frames/frame.js';

const [A, B] = ['02:00:00:00:00:0a', '02:00:00:00:00:0b'];
const UNICAST = frame('icmp', A, B);

interface Settings extends Partial<BondSettings> {
  /** Members whose cables are pulled. */
  readonly pulled?: readonly string[];
}

/** A bond of two members on two cables to another one. */
function lab(near: Settings, far: Settings = near) {
  const bond = (id: string, mac: string, { pulled = [], ...settings }: Settings) => {
    const members = [`${id}1`, `${id}2`];
    return {
      hops: [
        hop(
          id,
          'bond',
          {
            ...{ mac, mode: 'active-backup', policy: 'layer2', members, watches: true },
            ...{ asks: false, allActive: false, ...settings },
          },
          id,
        ),
        ...members.map((one) => hop(one, 'veth', { mac, down: pulled.includes(one) }, id)),
      ],
      edges: members.map((member) => portEdge(member, id)),
    };
  };
  const cables = [wireEdge('a1', 'b1'), wireEdge('a2', 'b2')];
  const fragments = [bond('a', A, near), bond('b', B, far), { hops: [], edges: cables }];
  return modelOf(joinFragments(fragments));
}

type Lab = ReturnType<typeof lab>;
const at = (model: Lab, id: string) => model.graph.place(id).hop;
const heard = (model: Lab, sent: Frame): readonly string[] =>
  deliveriesOf(walk(model, at(model, 'a'), sent)).map(({ way }) =>
    way.path.map(({ id }) => id).join(' '),
  );
const fate = (model: Lab, sent: Frame, from = 'a', to = 'b') =>
  findWay(model, at(model, from), at(model, to), sent)?.prediction;

describe('a bond', () => {
  it('sends by its first member, by its primary, by the one that is alive', () => {
    expect(heard(lab({}), UNICAST)).toEqual(['a a1 b1 b']);
    expect(heard(lab({ primary: 'a2' }, { primary: 'b2' }), UNICAST)).toEqual(['a a2 b2 b']);
    const pulled = lab({ pulled: ['a1'] }, {});
    expect(heard(pulled, UNICAST)).toEqual(['a a2 b2 b']);
    // The carrier does not tell that nobody takes what comes there, and ARP does.
    expect(lab({}, { primary: 'b2' }).world.bundles.get('a')).toEqual(['a1']);
    expect(lab({ asks: true }, { primary: 'b2' }).world.bundles.get('a')).toEqual(['a2']);
    expect([...pulled.world.bundles]).toEqual([
      ['a', ['a2']],
      ['b', ['b2']],
    ]);
  });

  it('goes on using a dead member when it does not look', () => {
    const model = lab({ watches: false }, { pulled: ['b1'] });
    expect(heard(model, UNICAST)).toEqual([]);
    expect(fate(model, UNICAST)).toMatchObject({ outcome: 'drop', at: 1 });
  });

  it('says so when nobody is alive', () => {
    expect(fate(lab({ pulled: ['a1', 'a2'] }, {}), UNICAST)).toMatchObject({
      ...{ outcome: 'drop', at: 0 },
      reason:
        'a has no member that is alive: it has no carrier, and what it is given to send is thrown away.',
    });
  });

  it('takes nothing by a backup, but for programs that listen there', () => {
    const crossed = lab({ primary: 'a2' }, {});
    expect(fate(crossed, UNICAST)).toMatchObject({
      ...{ outcome: 'drop', at: 2 },
      reason: expect.stringContaining(
        'b2 is a member that b does not use now (it uses b1)',
      ) as string,
    });
    const lldp = frame('lldp', A, '01:80:c2:00:00:0e');
    expect(fate(crossed, lldp, 'a2', 'b2')).toEqual({ outcome: 'pass' });
    expect(heard(lab({ primary: 'a2' }, { allActive: true }), UNICAST)).toEqual(['a a2 b2 b']);
    // A mode that spreads takes what is for itself there too, and nothing for groups.
    const spread = lab({ primary: 'a2' }, { mode: 'balance-alb' });
    expect(heard(spread, UNICAST)).toEqual(['a a2 b2 b']);
    expect(heard(spread, frame('arp-request', A, 'ff:ff:ff:ff:ff:ff'))).toEqual([]);
  });

  it('sends by the member that a hash of the addresses gives, and by no other', () => {
    const model = lab({ mode: 'balance-xor' });
    // 0x0a ^ 0x0b ^ 0x0800 and 0x0806.
    expect(heard(model, UNICAST)).toEqual(['a a2 b2 b']);
    expect(heard(model, { ...UNICAST, src: '02:00:00:00:00:09' })).toEqual(['a a1 b1 b']);
    expect(heard(model, frame('arp-reply', A, B))).toEqual(['a a2 b2 b']);
    // Other policies look into IP, and of all else at the addresses.
    const deep = lab({ mode: 'balance-xor', policy: 'layer3+4' });
    expect(fate(deep, UNICAST)).toMatchObject({ outcome: 'random', at: 0, probability: 1 / 2 });
    expect(heard(deep, frame('arp-reply', A, B))).toEqual(['a a2 b2 b']);
  });

  it('sends in turn, but IGMP by one member; and by all', () => {
    const model = lab({ mode: 'balance-rr' });
    expect(fate(model, UNICAST)).toMatchObject({ outcome: 'random', at: 0, probability: 1 / 2 });
    expect(fate(model, frame('igmp', A, '01:00:5e:00:00:16'))).toEqual({ outcome: 'pass' });
    expect(heard(lab({ mode: 'broadcast' }), UNICAST)).toEqual(['a a1 b1 b', 'a a2 b2 b']);
  });

  it('gives unicast to any member by the address of that, and groups to the one in use', () => {
    const model = lab({ mode: 'balance-tlb' }, { mode: 'balance-xor' });
    expect(fate(model, UNICAST)).toMatchObject({ outcome: 'random', probability: 1 / 2 });
    expect(fate(model, frame('arp-request', A, 'ff:ff:ff:ff:ff:ff'))).toEqual({ outcome: 'pass' });
  });

  it('uses those members that LACP makes one aggregate', () => {
    const mode = '802.3ad';
    expect([...lab({ mode }).world.bundles.values()]).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
    ]);
    const pulled = lab({ mode, pulled: ['a2'] }, { mode });
    expect([...pulled.world.bundles.values()]).toEqual([['a1'], ['b1']]);
    // Without a partner one is used by itself, and what comes by the other ends there.
    const alone = lab({ mode }, { mode: 'balance-xor' });
    expect(alone.world.bundles.get('a')).toEqual(['a1']);
    expect(fate(alone, { ...UNICAST, src: B, dst: A }, 'b', 'a')).toMatchObject({
      ...{ outcome: 'drop', at: 2 },
      reason: expect.stringContaining('LACP has not made it part of the aggregate') as string,
    });
    const lacp = frame('lacp', A, '01:80:c2:00:00:02');
    expect(fate(alone, lacp, 'b', 'a')).toMatchObject({ outcome: 'drop' });
  });
});
