import { describe, expect, it } from 'vitest';
import { parseTables, parseTraced } from '../../../src/verify/switches/tables.js';

/** What Open vSwitch 3.1 prints, as it was seen in a guest. */

describe('the tables of a bridge', () => {
  it('are read with their counters, whatever is left out of a line', () => {
    const text = `NXST_FLOW reply (xid=0x4):
 cookie=0x0, duration=3.546s, table=0, n_packets=6, n_bytes=516, idle_age=3, priority=20,icmp actions=mod_vlan_vid:7,NORMAL
 cookie=0x0, duration=3.549s, table=1, n_packets=0, n_bytes=0, in_port=p1 actions=output:p2
 cookie=0x0, duration=4.518s, table=0, n_packets=11, n_bytes=942, priority=0 actions=NORMAL
 cookie=0x0, duration=4.518s, table=2, n_packets=0, n_bytes=0, actions=drop
`;
    expect(parseTables(text)).toEqual([
      {
        table: 0,
        priority: 20,
        match: 'icmp',
        actions: 'mod_vlan_vid:7,NORMAL',
        packets: 6,
        bytes: 516,
      },
      {
        table: 1,
        priority: 32768,
        match: 'in_port=p1',
        actions: 'output:p2',
        packets: 0,
        bytes: 0,
      },
      { table: 0, priority: 0, match: '', actions: 'NORMAL', packets: 11, bytes: 942 },
      { table: 2, priority: 32768, match: '', actions: 'drop', packets: 0, bytes: 0 },
    ]);
  });
});

describe('what a bridge would do', () => {
  it('is read flow by flow', () => {
    const text = `Flow: arp,in_port=p1,vlan_tci=0x0000,dl_src=02:00:00:00:00:02

bridge("br0")
-------------
 0. in_port=p1, priority 5
    resubmit(,1)
 1. No match.
    drop

Final flow: unchanged
Megaflow: recirc_id=0,eth,arp,in_port=p1
Datapath actions: push_vlan(vid=7,pcp=0),p2
`;
    expect(parseTraced(text)).toEqual({
      flows: [
        { table: 0, match: 'in_port=p1, priority 5' },
        { table: 1, match: null },
      ],
      actions: 'push_vlan(vid=7,pcp=0),p2',
    });
  });
});
