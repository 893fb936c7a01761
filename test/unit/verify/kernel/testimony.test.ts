import { describe, expect, it } from 'vitest';
import { parseTrace } from '../../../../src/verify/kernel/events.js';
import { testimonyOf } from '../../../../src/verify/kernel/testimony.js';

/** A frame of 60 octets that goes from `va` over the cable to the bridge port `pa`, as Linux 6.18 printed it. */
const sent = (packet = '0000000082bd852c', time = '29205.852098', device = 'va'): string =>
  `         python3-29275   [000] b.... ${time}: net_dev_start_xmit: dev=${device} queue_mapping=0 skbaddr=${packet} vlan_tagged=0 vlan_proto=0x0000 vlan_tci=0x0000 protocol=0x8808 ip_summed=0 len=60 data_len=0 network_offset=14 transport_offset_valid=0 transport_offset=0 tx_flags=0 gso_size=0 gso_segs=0 gso_type=0`;
const received = (packet = '0000000082bd852c', device = 'pa'): string =>
  `         python3-29275   [000] ..s1. 29205.852105: netif_receive_skb: dev=${device} skbaddr=${packet} len=46`;
const freed = (packet = '0000000082bd852c', reason = 'MAC_IEEE_MAC_CONTROL'): string =>
  `         python3-29275   [000] ..s1. 29205.852107: kfree_skb: skbaddr=${packet} rx_sk=0000000000000000 protocol=34824 location=br_handle_frame+0xff/0x480 reason: ${reason}`;
const consumed = (packet = '0000000082bd852c'): string =>
  `         python3-29275   [000] ..s1. 29205.852106: consume_skb: skbaddr=${packet} location=arp_process+0x328/0x9d0`;

const SIGHT = { device: 'va', time: 29205.8521, length: 60 };
const said = (...lines: readonly string[]) => testimonyOf(parseTrace(lines.join('\n')), SIGHT);
const WORD = { function: 'br_handle_frame', reason: 'MAC_IEEE_MAC_CONTROL', device: 'pa' };

describe('what the kernel says of a lost frame', () => {
  it('is the function that freed it, the reason, and the device that had it last', () => {
    expect(said(sent(), received(), freed())).toEqual(WORD);
  });

  it('is said of a frame that was captured where it was received, too', () => {
    const events = parseTrace([received(), freed()].join('\n'));
    expect(testimonyOf(events, { ...SIGHT, device: 'pa' })).toEqual(WORD);
  });

  it('has no reason where the kernel names none, and no suffix of the compiler in the function', () => {
    const line = freed(undefined, 'NOT_SPECIFIED').replace('br_handle_frame', 'ip_rcv.constprop.0');
    expect(said(sent(), received(), line)).toEqual({ ...WORD, function: 'ip_rcv', reason: null });
  });

  it('is nothing where the packet had its use', () => {
    expect(said(sent(), received(), consumed(), freed())).toBeUndefined();
  });

  it('is nothing where the end of it was not seen', () => {
    expect(said(sent(), received())).toBeUndefined();
  });

  it('is not taken from a packet that another frame had the address of later', () => {
    const other = '00000000aaaaaaaa';
    expect(said(sent(), received(), freed(other), consumed())).toBeUndefined();
  });

  it('is nothing where two packets of that length were at the device at that time', () => {
    const other = '00000000aaaaaaaa';
    expect(said(sent(), sent(other), received(), freed())).toBeUndefined();
  });

  it('is nothing where another frame was there at that time, whose packet had the same address', () => {
    const later = [
      sent(undefined, '29205.852140'),
      received(),
      freed(undefined, 'UNHANDLED_PROTO'),
    ];
    expect(said(sent(), received(), freed(), ...later)).toBeUndefined();
  });

  it('is nothing where a copy of it was dropped as well: the copy may be what is missed', () => {
    expect(said(sent(), received(), freed('00000000bbbbbbbb'), freed())).toBeUndefined();
  });

  it('stands where another packet, that came by itself, was dropped meanwhile', () => {
    const other = '00000000cccccccc';
    const lines = [sent(), sent(other, '29205.852099', 'vx'), received(), freed(other), freed()];
    expect(said(...lines)).toEqual(WORD);
  });

  it('is nothing for a frame of another time, device or length', () => {
    const events = parseTrace([sent(), received(), freed()].join('\n'));
    expect(testimonyOf(events, { ...SIGHT, time: SIGHT.time + 0.01 })).toBeUndefined();
    expect(testimonyOf(events, { ...SIGHT, device: 'vb' })).toBeUndefined();
    expect(testimonyOf(events, { ...SIGHT, length: 61 })).toBeUndefined();
  });

  it('leaves lines out that mean something else', () => {
    expect(parseTrace('# tracer: nop\n bash-1 [001] ...1. 1.0: tracing_mark_write: x\n')).toEqual(
      [],
    );
  });
});
