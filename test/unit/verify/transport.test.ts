import { describe, expect, it } from 'vitest';
import { checksumOf } from '../../../src/frames/checksum.js';
import { decodeFrame, describeFrame } from '../../../src/frames/decode.js';
import { octets, u16, u32, withChecksum, zeros } from '../../../src/frames/templates/bytes.js';
import { tcpFrame, udpFrame } from '../../../src/frames/values.js';
import { evaluate } from '../../../src/nft/evaluate.js';
import type { Packet } from '../../../src/nft/fields.js';
import { parseRuleset } from '../../../src/nft/ruleset.js';

/** UDP and TCP as octets, and as packet filters see them. */

const MACS = ['02:00:00:00:00:02', '02:00:00:00:00:01'] as const;
const IPS = octets(10, 0, 0, 1, 10, 0, 0, 2);
const IPS6 = octets(0xfd, zeros(14), 1, 0xfd, zeros(14), 2);
const [SYN, SYN_ACK] = [0x02, 0x12];

const tcpOf = (flags: number, data = zeros(0)): Uint8Array =>
  octets(u16(40000), u16(80), u32(1), u32(0), 0x50, flags, u16(64240), u32(0), data);
const udpOf = (data: Uint8Array): Uint8Array =>
  octets(u16(40000), u16(53), u16(8 + data.length), u16(0), data);

/** How a checksum is written: as it must be, as far as the kernel has it before a NIC does the rest, or anyhow. */
type Writes = (segment: Uint8Array, at: number, pseudo: Uint8Array) => Uint8Array;
const complement = (bytes: Uint8Array, at: number): Uint8Array =>
  octets(bytes.subarray(0, at), ~bytes[at]! & 0xff, ~bytes[at + 1]! & 0xff, bytes.subarray(at + 2));
const WRITES = {
  right: withChecksum,
  // The sum of the pseudo-header alone, and not its complement.
  unfinished: (segment, at, pseudo) => {
    const alone = complement(withChecksum(zeros(20), at, pseudo), at);
    return octets(segment.subarray(0, at), alone.subarray(at, at + 2), segment.subarray(at + 2));
  },
  wrong: (segment, at, pseudo) => complement(withChecksum(segment, at, pseudo), at),
} satisfies Record<string, Writes>;

function packet(protocol: 6 | 17, segment: Uint8Array, writes: Writes, family: 4 | 6 = 4) {
  const at = protocol === 6 ? 16 : 6;
  const { length } = segment;
  const ips = family === 4 ? IPS : IPS6;
  const written = writes(segment, at, octets(ips, u16(protocol), u16(length)));
  const header =
    family === 4
      ? octets(0x45, 0, u16(20 + length), u32(0), 64, protocol, u16(0), ips)
      : octets(0x60, zeros(3), u16(length), protocol, 64, ips);
  return octets(...MACS, u16(family === 4 ? 0x0800 : 0x86dd), header, written);
}

describe('a checksum', () => {
  const segments = { 6: tcpOf(SYN, octets(1, 2, 3)), 17: udpOf(octets(1, 2, 3)) } as const;
  const rows = (['right', 'unfinished', 'wrong'] as const).flatMap((state) =>
    ([6, 17] as const).flatMap((protocol) =>
      ([4, 6] as const).map((family) => [state, protocol, family] as const),
    ),
  );
  it.each(rows)('is %s in protocol %i over IPv%i', (state, protocol, family) => {
    const bytes = packet(protocol, segments[protocol], WRITES[state], family);
    expect(checksumOf(decodeFrame(bytes))).toBe(state);
    // A tag before it changes nothing; padding behind it is none of it.
    const tagged = octets(bytes.subarray(0, 12), u16(0x8100), u16(7), bytes.subarray(12), zeros(5));
    expect(checksumOf(decodeFrame(tagged))).toBe(state);
  });

  it('is not known of what was cut off, and UDP may have none', () => {
    const bytes = packet(6, segments[6], withChecksum);
    expect(checksumOf(decodeFrame(bytes.subarray(0, -1), bytes.length))).toBeUndefined();
    expect(checksumOf(decodeFrame(packet(17, segments[17], (one) => one)))).toBeUndefined();
  });
});

describe('a segment of TCP', () => {
  it('has ports, flags and data, also in words', () => {
    const frame = decodeFrame(packet(6, tcpOf(SYN_ACK, octets(1, 2)), withChecksum));
    const flags = { syn: true, ack: true, rst: false, fin: false };
    expect(frame.tcp).toMatchObject({ srcPort: 40000, dstPort: 80, ...flags });
    expect(frame.tcp?.payload).toEqual(octets(1, 2));
    expect(describeFrame(frame)).toBe('IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S.], length 2');
  });

  it('that is cut short or has no header is malformed', () => {
    const frame = (bytes: Uint8Array) => decodeFrame(packet(6, bytes, (one) => one)).malformed;
    expect(frame(tcpOf(SYN).subarray(0, 19))).toBe('tcp: 19 of 20 bytes');
    const short = tcpOf(SYN);
    short[12] = 0x40;
    expect(frame(short)).toBe('tcp: a header of 16 bytes');
    short[12] = 0xf0;
    expect(frame(short)).toBe('tcp: 20 of 60 bytes');
  });
});

describe('a rule of a packet filter', () => {
  const payload = (protocol: string, field: string) => ({ payload: { protocol, field } });
  const STATE = { ct: { key: 'state' } };
  const fateOf = (left: object, right: unknown, seen: Packet): string => {
    const chain = { family: 'inet', table: 't', name: 'c', type: 'filter', hook: 'forward' };
    const expr = [{ match: { op: '==', left, right } }, { drop: null }];
    const objects = [
      { chain: { ...chain, prio: 0, policy: 'accept' } },
      { rule: { family: 'inet', table: 't', chain: 'c', handle: 1, expr } },
    ];
    const ruleset = parseRuleset(JSON.stringify({ nftables: objects }), '');
    return evaluate(ruleset, ruleset.chains[0]!, seen).kind;
  };
  const head = { family: 4, src: '10.0.0.1', dst: '10.0.0.2' } as const;
  const [link, data] = [{ src: '', dst: '' }, zeros(0)];
  const at = (frame: Packet['frame'], more: Partial<Packet> = {}): Packet => ({
    ...{ frame, hook: 'forward', iif: 'eth1', oif: 'eth2' },
    ...more,
  });
  const syn = tcpFrame(head, link, {
    srcPort: 0,
    dstPort: 80,
    syn: true,
    ack: false,
    payload: data,
  });
  const synAck = tcpFrame(head, link, {
    srcPort: 80,
    dstPort: 0,
    syn: true,
    ack: true,
    payload: data,
  });
  const datagram = udpFrame(head, link, { srcPort: 0, dstPort: 53, payload: data });

  it.each([
    ['dropped', 'tcp', 'dport', 80, syn],
    ['accepted', 'tcp', 'dport', 81, syn],
    ['accepted', 'udp', 'dport', 80, syn],
    ['dropped', 'th', 'dport', 53, datagram],
    ['dropped', 'tcp', 'sport', 80, synAck],
    // Which port the kernel picks nobody knows.
    ['unsure', 'tcp', 'sport', 40000, syn],
  ] as const)('has a packet %s by %s %s %i', (fate, protocol, field, port, frame) => {
    expect(fateOf(payload(protocol, field), port, at(frame))).toBe(fate);
  });

  it.each([
    ['dropped', 'new', at(syn, { isFirst: true })],
    ['accepted', 'established', at(syn, { isFirst: true })],
    ['dropped', 'established', at(synAck, { isFirst: false, isTracked: true })],
    ['dropped', 'invalid', at(synAck, { isFirst: false, isTracked: false })],
    ['dropped', 'new', at(datagram, { isFirst: false, isTracked: false })],
    ['unsure', 'established', at(synAck, { isFirst: false })],
    ['unsure', 'new', at(datagram)],
  ] as const)('has a packet %s by ct state %s', (fate, state, seen) => {
    expect(fateOf(STATE, state, seen)).toBe(fate);
  });
});
