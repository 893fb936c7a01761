import { describe, expect, it } from 'vitest';
import { customerTag, type Frame } from '../../../src/frames/frame.js';
import { groupText } from '../../../src/devices/ovs-text.js';
import { parseGroup, sameGroup } from '../../../src/hops/openflow/group.js';
import { parseFlow } from '../../../src/hops/openflow/parse-flow.js';
import { decide } from '../../../src/hops/openflow/pipeline.js';
import { doSame, flowKey } from '../../../src/hops/openflow/same-flow.js';
import { frame } from '../../support/model.js';

/** Flows by themselves. That Open vSwitch does the same is shown in test/vm/hops-ovs.test.ts. */

const SRC = '02:00:00:00:00:01';
const DST = '02:00:00:00:00:02';
const ARP = frame('arp-request', SRC, 'ff:ff:ff:ff:ff:ff');
const ICMP = frame('icmp', SRC, DST);
const TAGGED = frame('vlan-tagged', SRC, DST, { vlan: 7 });

const numberOf = (name: string): number | undefined => ({ eth1: 1, eth2: 2 })[name];

/** What is sent by which port, with the tags; a sentence where nobody can know. */
function sent(flows: readonly string[], one: Frame, port = 1): readonly string[] {
  const parsed = flows.map((text) => parseFlow(text, numberOf));
  const { done, unknown, missed } = decide(parsed, one, port);
  return [
    ...done.map(({ action, frame: { vlans } }) =>
      [
        action.do === 'output' ? `${action.port}` : action.do,
        ...vlans.map(({ id }) => `vlan ${id}`),
      ].join(' '),
    ),
    ...(unknown === undefined ? [] : [`? ${unknown}`]),
    ...(missed === undefined ? [] : [`missed ${missed}`]),
  ];
}

describe('the flow that decides', () => {
  it.each<[string, readonly string[], Frame, readonly string[]]>([
    ['by the port', ['in_port=1,actions=2', 'in_port=2,actions=1'], ICMP, ['2']],
    ['by a name', ['in_port=eth1,actions=output:eth2'], ICMP, ['2']],
    ['by priority', ['priority=1,actions=2', 'priority=2,arp,actions=3'], ARP, ['3']],
    ['with no other', ['arp,actions=2'], ICMP, ['missed 0']],
    ['for a type', ['dl_type=0x0806,actions=2'], ARP, ['2']],
    ['for a group', ['dl_dst=01:00:00:00:00:00/01:00:00:00:00:00,actions=2'], ARP, ['2']],
    [
      'not for a group',
      ['dl_dst=01:00:00:00:00:00/01:00:00:00:00:00,actions=2'],
      ICMP,
      ['missed 0'],
    ],
    ['for a VLAN', ['dl_vlan=7,actions=2'], TAGGED, ['2 vlan 7']],
    ['for no tag', ['vlan_tci=0,actions=2'], ICMP, ['2']],
    ['for a tag', ['vlan_tci=0x1000/0x1000,actions=2'], TAGGED, ['2 vlan 7']],
    ['for addresses', ['ip,nw_src=192.0.2.0/24,actions=2'], ICMP, ['2']],
    ['for other addresses', ['ip,nw_src=198.51.100.0/24,actions=2'], ICMP, ['missed 0']],
    ['of ARP', ['arp,arp_op=1,actions=2'], ARP, ['2']],
    ['of another ARP', ['arp,arp_op=2,actions=2'], ARP, ['missed 0']],
  ])('fits %s', (_what, flows, one, expected) => {
    expect(sent(flows, one)).toEqual(expected);
  });

  it('does what it says, in that order', () => {
    expect(sent(['actions=2,mod_vlan_vid:9,3,strip_vlan,normal'], ICMP)).toEqual([
      '2',
      '3 vlan 9',
      'normal',
    ]);
    expect(sent(['actions=push_vlan:0x8100,set_field:4105->vlan_vid,2'], TAGGED)).toEqual([
      '2 vlan 9 vlan 7',
    ]);
    expect(sent(['actions=drop'], ICMP)).toEqual([]);
  });

  it('goes on in other tables, and comes back from a resubmission', () => {
    const tables = [
      'actions=resubmit(,1),3',
      'table=1,actions=2,goto_table:2',
      'table=2,actions=4',
    ];
    expect(sent(tables, ICMP)).toEqual(['2', '4', '3']);
    expect(sent(['in_port=1,actions=resubmit(eth2,0)', 'in_port=2,actions=5'], ICMP)).toEqual([
      '5',
    ]);
    expect(sent(['actions=resubmit(,0)'], ICMP)).toEqual([
      expect.stringMatching(/^\? its tables call each other/) as string,
    ]);
  });
});

describe('a group', () => {
  const groups = [
    'group_id=1,type=all,bucket=mod_vlan_vid:9,2,bucket=actions=output:eth1',
    'group_id=2,type=fast_failover,bucket=watch_port:eth2,actions=2,bucket=watch_port:3,actions=3',
    'group_id=3,type=select,bucket=weight:1,actions=2,bucket=actions=3',
    'group_id=4,type=select,bucket=watch_port:2,actions=2,bucket=weight:0,actions=3',
    'group_id=5,type=indirect,bucket=actions=group:5',
    'group_id=6,type=ff,bucket=watch_group:1,actions=2',
    'group_id=7,type=all',
  ].map((text) => parseGroup(text, numberOf) ?? expect.unreachable(text));
  const by = (id: number, dead: readonly number[] = []): readonly string[] => {
    const isLive = (port: number): boolean => !dead.includes(port);
    const flows = [parseFlow(`actions=group:${id},4`)];
    const { done, unknown } = decide(flows, ICMP, 9, { groups, isLive });
    return [
      ...done.map(({ action, frame: { vlans } }) =>
        [action.do === 'output' ? action.port : action.do, ...vlans.map((one) => one.id)].join(' '),
      ),
      ...(unknown === undefined ? [] : [`? ${unknown}`]),
    ];
  };

  it('does what its type says, and what a bucket changes nobody else sees', () => {
    expect(by(1)).toEqual(['2 9', '1', '4']);
    expect([by(2), by(2, [2]), by(2, [2, 3])]).toEqual([['2', '4'], ['3', '4'], ['4']]);
    expect([by(4), by(4, [2])]).toEqual([['2', '4'], ['4']]);
    expect(by(7)).toEqual(['4']);
  });

  it('is not known where a hash selects, and where there is no end to it', () => {
    expect(by(3)).toEqual(['? group 3 selects one of 2 buckets by a hash']);
    expect(by(5)).toEqual(['? its groups call each other more than 64 deep']);
    expect(by(6)).toEqual(['? a bucket of group 6 is alive with another group']);
    expect(by(8)).toEqual(['? a flow hands it to group 8']);
  });

  it('is the same as Open vSwitch tells it', () => {
    const same = (one: string, other: string): boolean => {
      const [a, b] = [one, other].map((text) => parseGroup(text, numberOf));
      return a !== undefined && b !== undefined && sameGroup(a, b);
    };
    const told =
      'group_id=1,type=all,bucket=bucket_id:0,actions=output:2,bucket=bucket_id:1,actions=push_vlan:0x8100,set_field:4103->vlan_vid,output:3';
    expect(same('group_id=1,type=all,bucket=eth2,bucket=mod_vlan_vid:7,3', told)).toBe(true);
    expect(same('group_id=1,type=all,bucket=eth2,bucket=mod_vlan_vid:8,3', told)).toBe(false);
    expect(same('group_id=1,type=all,bucket=eth2', told)).toBe(false);
    expect(same('group_id=1,type=ff,bucket=watch_port:1,1', 'group_id=1,type=ff,bucket=1')).toBe(
      false,
    );
    expect([parseGroup('type=all'), parseGroup('group_id=1,type=some')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('has its ports by number where it is written', () => {
    const numbers = new Map([
      ['eth1', 1],
      ['c1.up', 7],
    ]);
    const text =
      'group_id=2,type=ff,bucket=watch_port:eth1,eth1,bucket=watch_port:c1.up,actions=output:c1.up,resubmit(eth1,3)';
    expect(groupText(text, numbers)).toBe(
      'group_id=2,type=ff,bucket=watch_port:1,actions=1,bucket=watch_port:7,actions=output:7,resubmit(1,3)',
    );
  });
});

describe('what the model does not know', () => {
  it.each<[string, readonly string[], string]>([
    ['a field', ['ct_state=+trk,actions=2'], 'asks for ct_state'],
    ['an action', ['actions=ct(table=1)'], 'has the action `ct(table=1)`'],
    ['a group', ['actions=group:1'], 'a flow hands it to group 1'],
    [
      'which of two of a priority',
      ['ip,actions=2', 'in_port=1,actions=3'],
      'two flows of priority',
    ],
  ])('is %s, and it says so', (_what, flows, why) => {
    expect(sent(flows, ICMP)).toEqual([expect.stringContaining(why) as string]);
  });

  it('does not matter where something else decides', () => {
    expect(sent(['arp,ct_state=+trk,actions=2', 'priority=1,actions=3'], ICMP)).toEqual(['3']);
    expect(sent(['priority=1,ct_state=+trk,actions=2', 'priority=2,actions=3'], ICMP)).toEqual([
      '3',
    ]);
  });
});

describe('one flow written in two ways', () => {
  const same = (a: string, b: string) => flowKey(parseFlow(a)) === flowKey(parseFlow(b));

  it.each([
    ['arp,in_port=1 actions=2', 'in_port=1,dl_type=0x806,actions=output:2'],
    ['cookie=0x0, priority=5,udp actions=2', 'priority=5,ip,nw_proto=17,actions=2'],
    ['priority=0 actions=NORMAL', 'priority=0,actions=normal'],
    ['vlan_tci=0x0000 actions=drop', 'dl_vlan=0xffff,actions=drop'],
    ['dl_vlan=10 actions=drop', 'vlan_vid=0x100a,actions=drop'],
    ['dl_vlan=10 actions=drop', 'vlan_tci=0x100a/0x1fff,actions=drop'],
  ])('%s', (a, b) => {
    expect([same(a, b), doSame(parseFlow(a), parseFlow(b))]).toEqual([true, true]);
  });

  it('is not another one', () => {
    expect(same('in_port=1,actions=2', 'in_port=2,actions=2')).toBe(false);
    expect(same('table=1,actions=2', 'actions=2')).toBe(false);
    // Without a mask the priority counts too.
    expect(same('vlan_tci=0x100a,actions=2', 'dl_vlan=10,actions=2')).toBe(false);
    expect(doSame(parseFlow('actions=2'), parseFlow('actions=3'))).toBe(false);
    const pushed = 'actions=push_vlan:0x8100,set_field:4105->vlan_vid,output:2';
    expect(doSame(parseFlow(pushed), parseFlow('actions=mod_vlan_vid:9,2'))).toBe(true);
  });
});

it('a tag that is set is that of a customer', () => {
  const { done } = decide([parseFlow('actions=mod_vlan_vid:9,2')], ICMP, 1);
  expect(done[0]?.frame.vlans).toEqual([customerTag(9)]);
});
