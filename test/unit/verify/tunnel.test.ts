import { describe, expect, it } from 'vitest';
import { carried, filterFor } from '../../../src/frames/carried.js';
import { decodeFrame, describeFrame } from '../../../src/frames/decode.js';
import type { EncapsulationName } from '../../../src/frames/encapsulation.js';
import { arpRequest, echoFrame } from '../../../src/frames/values.js';
import type { Frame } from '../../../src/frames/frame.js';

/** Frames inside packets, octet by octet as the standards have them: RFC 7348, RFC 8926, RFC 2784, RFC 2890. */

const ARP = `ffffffffffff020000000001080600010800060400010200000000010a010001${'0'.repeat(12)}0a010002`;
const WORDS = 'ARP who-has 10.1.0.2 tell 10.1.0.1';
const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

const outer = (protocol: string, body: string): Uint8Array =>
  Uint8Array.from(
    Buffer.from(
      `0200000000020200000000010800` +
        `4500${hex4(20 + body.length / 2)}0000000040${protocol}00000a0000010a000002${body}`,
      'hex',
    ),
  );
const udp = (port: number, body: string): Uint8Array =>
  outer('11', `c000${hex4(port)}${hex4(8 + body.length / 2)}0000${body}`);

const PING = `4500001c00000000400100000a0100010a0100020800000000010001`;
const PING6 = `6000000000083a40${'fd'.padEnd(32, '0')}${'fd'.padEnd(32, '0')}8000000000010001`;

const VXLAN = `0800000000000a00${ARP}`;

/** The frame that is expected in a packet of a form with a number. */
const expected = (by: EncapsulationName, id: number | undefined, dst = '10.0.0.2'): Frame => ({
  ...echoFrame(
    { family: 4, kind: 'echo-request', id: 1, src: '10.0.0.1', dst },
    { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
  ),
  inner: { by, id, frame: arpRequest({ mac: '02:00:00:00:00:01', ip: '10.1.0.1' }, '10.1.0.2') },
});

describe('a packet of a tunnel', () => {
  it.each([
    ['vxlan', 'VXLAN 10', udp(4789, VXLAN), 10],
    ['vxlan', 'VXLAN 10', udp(8472, VXLAN), 10],
    ['geneve', 'Geneve 7', udp(6081, `0000655800000700${ARP}`), 7],
    ['geneve', 'Geneve 7', udp(6081, `010065580000070001028000${ARP}`), 7],
    ['gretap', 'GRE', outer('2f', `00006558${ARP}`), undefined],
    ['gretap', 'GRE 7', outer('2f', `2000655800000007${ARP}`), 7],
    ['gretap', 'GRE 7', outer('2f', `b0006558deadbeef00000007cafecafe${ARP}`), 7],
  ] as const)('is read with the frame in it: %s, %s', (by, title, bytes, id) => {
    const seen = decodeFrame(bytes);
    expect(seen.malformed).toBeUndefined();
    expect(describeFrame(seen)).toContain(`: ${title}, ${WORDS}`);
    expect(carried(seen, expected(by, id))?.arp).toMatchObject({ op: 'request' });
    expect(carried(seen, expected(by, 99))).toBeUndefined();
    expect(carried(seen, expected(by, id, '10.0.0.3'))).toBeUndefined();
  });

  it.each([
    ['ipip', 'IPIP', outer('04', PING), undefined],
    ['gre', 'GRE', outer('2f', `00000800${PING}`), undefined],
    ['gre', 'GRE 7', outer('2f', `2000080000000007${PING}`), 7],
    ['sit', 'SIT', outer('29', PING6), undefined],
  ] as const)('is read with the packet in it: %s, %s', (by, title, bytes, id) => {
    const seen = decodeFrame(bytes);
    expect(seen.malformed).toBeUndefined();
    expect(describeFrame(seen)).toMatch(new RegExp(`: ${title}, IP6? .*: ICMP(6,)? echo request`));
    const inside = carried(seen, expected(by, id));
    expect(inside).toMatchObject({ src: '', dst: '', vlans: [] });
    expect((inside?.icmp ?? inside?.icmp6)?.kind).toBe('echo-request');
    expect(carried(seen, expected('gretap', id))).toBeUndefined();
  });

  it('is read at any port where a frame is expected in it, and else not', () => {
    const seen = decodeFrame(udp(9999, VXLAN));
    expect(seen.inner).toBeUndefined();
    expect(carried(seen, expected('vxlan', 10))?.arp).toMatchObject({ targetIp: '10.1.0.2' });
    expect(carried(seen, expected('geneve', 10))).toBeUndefined();
  });

  it.each([
    ['of a GRE packet that is cut short', outer('2f', '2000655800')],
    ['of VXLAN without its flag', udp(4789, `0000000000000a00${ARP}`)],
    ['of Geneve with another protocol', udp(6081, `0000080000000700${ARP}`)],
    ['of GRE with another protocol', outer('2f', `000088be${ARP}`)],
  ])('holds no frame that is not there: %s', (_, bytes) => {
    expect(decodeFrame(bytes).inner).toBeUndefined();
  });

  it('is let in by a filter of its port, or its protocol', () => {
    const ports = { udp: { srcPort: 0, dstPort: 9999, length: 0, payload: new Uint8Array() } };
    expect(filterFor({ ...expected('vxlan', 1), ...ports })).toBe('udp port 9999');
    expect(filterFor(expected('gretap', 1))).toBe('ip proto 47');
    expect(filterFor(arpRequest({ mac: '', ip: '10.0.0.1' }, '10.0.0.2'))).toBeUndefined();
  });
});
