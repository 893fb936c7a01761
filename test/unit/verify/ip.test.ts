import { describe, expect, it } from 'vitest';
import { decodeFrame, type SeenFrame } from '../../../src/frames/decode.js';
import { bytesOf, captured, decoded, joined } from './captures.js';

const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';

describe('ARP', () => {
  it('asks and answers', () => {
    const [request, reply, gratuitous] = decoded('arp');
    // arping leaves no blank for the address that it asks for.
    expect(request!.arp).toEqual({
      op: 'request',
      senderMac: A,
      senderIp: '10.77.0.1',
      targetMac: 'ff:ff:ff:ff:ff:ff',
      targetIp: '10.77.0.2',
    });
    expect(reply!.arp).toEqual({
      op: 'reply',
      senderMac: B,
      senderIp: '10.77.0.2',
      targetMac: A,
      targetIp: '10.77.0.1',
    });
    expect(gratuitous!.arp).toMatchObject({ senderIp: '10.77.0.1', targetIp: '10.77.0.1' });
  });

  it('may do something else, or be for another network', () => {
    const bytes = captured('arp')[0]!.bytes.slice();
    bytes[21] = 9;
    expect(decodeFrame(bytes).arp?.op).toBe(9);
    bytes[15] = 6;
    expect(decodeFrame(bytes)).toMatchObject({ malformed: 'arp: not for IPv4 over Ethernet' });
    expect(decodeFrame(bytes).arp).toBeUndefined();
  });
});

describe('IPv4', () => {
  it('carries echos', () => {
    const [request, reply] = decoded('icmp');
    expect(request).toMatchObject({
      src: A,
      dst: B,
      ipv4: { src: '10.77.0.1', dst: '10.77.0.2', protocol: 1, ttl: 64 },
      icmp: { type: 8, code: 0, kind: 'echo-request', id: 4660, seq: 1 },
    });
    expect(request!.ipv4).not.toHaveProperty('fragment');
    expect(reply).toMatchObject({
      ipv4: { src: '10.77.0.2', dst: '10.77.0.1' },
      icmp: { kind: 'echo-reply', id: 4660, seq: 1 },
    });
    expect(reply!.icmp!.payload).toEqual(request!.icmp!.payload);
    expect(request!.icmp!.payload).toHaveLength(56);
    expect(Buffer.from(request!.icmp!.payload).toString('hex')).toMatch(/(c0ffee){8}/);
  });

  it('comes in fragments, of which the first has the header of what it carries', () => {
    const fragments = decoded('icmp').filter(({ ipv4 }) => ipv4?.fragment);
    expect(fragments.map(({ ipv4, icmp }) => [ipv4!.fragment!.offset, icmp?.kind])).toEqual([
      [0, 'echo-request'],
      [1480, undefined],
      [0, 'echo-reply'],
      [1480, undefined],
    ]);
    const [first, second] = fragments as [SeenFrame, SeenFrame];
    expect([first.ipv4!.fragment!.more, second.ipv4!.fragment!.more]).toEqual([true, false]);
    expect(first.ipv4!.fragment!.id).toBe(second.ipv4!.fragment!.id);
  });

  it('carries UDP, and the refusal of it', () => {
    const [datagram, refusal] = decoded('icmp').slice(-2);
    expect(datagram!.udp).toMatchObject({ srcPort: 4000, dstPort: 4001, length: 5 });
    expect(refusal!.icmp).toMatchObject({ kind: 'destination-unreachable', type: 3, code: 3 });
    // The refusal quotes the datagram: its IP header and data.
    expect(refusal!.icmp!.payload).toEqual(captured('icmp').at(-2)!.bytes.subarray(14));
  });

  it('ends where its header says: the rest pads the frame', () => {
    const padding = bytesOf('ff'.repeat(13));
    for (const { bytes } of captured('icmp').filter(({ bytes }) => bytes.length < 1500)) {
      const frame = decodeFrame(joined(bytes, padding), bytes.length);
      expect({ ...frame, bytes }).toEqual(decodeFrame(bytes));
    }
    const echo = captured('nd').find(({ bytes }) => bytes[54] === 128)!.bytes;
    const frame = decodeFrame(joined(echo, padding), echo.length);
    expect({ ...frame, bytes: echo }).toEqual(decodeFrame(echo));
  });

  it('carries UDP that may end before it', () => {
    const bytes = captured('icmp').at(-2)!.bytes.slice();
    bytes.set([0, 8 + 2], 38);
    const { udp } = decodeFrame(bytes);
    expect([udp?.length, Buffer.from(udp!.payload).toString()]).toEqual([2, 'pa']);
  });

  it('without a length, as it is before segmentation, ends with the frame', () => {
    const bytes = captured('icmp')[0]!.bytes.slice();
    bytes.fill(0, 16, 18);
    expect(decodeFrame(bytes).icmp).toEqual(decoded('icmp')[0]!.icmp);
  });

  it('has options that are walked over', () => {
    const bytes = captured('icmp')[0]!.bytes;
    const longer = joined(bytes.subarray(0, 34), bytesOf('94040000'), bytes.subarray(34));
    longer[14] = 0x46;
    longer.set([0, 88], 16);
    expect(decodeFrame(longer).icmp).toEqual(decoded('icmp')[0]!.icmp);
  });

  it.each([
    ['another version', 14, [0x55], 'ipv4: version 5'],
    ['a header that is too short', 14, [0x44], 'ipv4: a header of 16 bytes'],
  ])('is refused with %s', (_, at, change, malformed) => {
    const bytes = captured('icmp')[0]!.bytes.slice();
    bytes.set(change, at);
    const frame = decodeFrame(bytes);
    expect([frame.ipv4, frame.icmp, frame.malformed]).toEqual([undefined, undefined, malformed]);
  });

  it.each([
    ['a length below that of its header', 16, [0, 12], 'ipv4: 12 bytes in all'],
    ['a header beyond the end of the frame', 14, [0x4f], 'ipv4: 44 of 60 bytes'],
  ])('carries nothing with %s', (_, at, change, malformed) => {
    const bytes = captured('icmp')[0]!.bytes.slice(0, 58);
    bytes.set(change, at);
    const frame = decodeFrame(bytes);
    expect([frame.ipv4?.src, frame.icmp, frame.malformed]).toEqual([
      '10.77.0.1',
      undefined,
      malformed,
    ]);
  });

  it('tells the MTU in a `fragmentation needed`', () => {
    const [frame] = captured('icmp').slice(-1);
    const bytes = frame!.bytes.slice();
    bytes[35] = 4;
    bytes.set([0x05, 0x14], 40);
    expect(decodeFrame(bytes).icmp).toMatchObject({ code: 4, mtu: 1300 });
    expect(decoded('icmp').at(-1)!.icmp).not.toHaveProperty('mtu');
  });
});

describe('IPv6', () => {
  const frames = decoded('nd');
  const find = (kind: string, src: string): SeenFrame =>
    frames.find(({ icmp6, ipv6 }) => icmp6?.kind === kind && ipv6!.src === src)!;

  it('carries neighbor discovery', () => {
    expect(find('neighbor-solicitation', '2001:db8::a')).toMatchObject({
      dst: '33:33:ff:00:00:0b',
      ipv6: { dst: 'ff02::1:ff00:b', nextHeader: 58, protocol: 58, hopLimit: 255 },
      icmp6: { type: 135, code: 0, target: '2001:db8::b', linkAddress: A },
    });
    expect(find('neighbor-advertisement', '2001:db8::b')).toMatchObject({
      dst: A,
      ipv6: { dst: '2001:db8::a' },
      icmp6: { type: 136, target: '2001:db8::b', linkAddress: B },
    });
  });

  it('asks whether an address is taken without telling its own', () => {
    const { icmp6 } = find('neighbor-solicitation', '::');
    expect(icmp6!.target).toMatch(/^(fe80|2001:db8)::/);
    expect(icmp6).not.toHaveProperty('linkAddress');
  });

  it('asks for routers', () => {
    expect(find('router-solicitation', 'fe80::ff:fe00:a')).toMatchObject({
      icmp6: { type: 133, linkAddress: A },
    });
  });

  it('carries echos, whole and in fragments', () => {
    const echos = frames.filter(
      ({ ipv6 }) => ipv6?.src.startsWith('2001:') && ipv6.hopLimit === 64,
    );
    expect(
      echos.map(({ ipv6, icmp6 }) => [
        ipv6!.nextHeader,
        ipv6!.fragment?.offset,
        icmp6?.kind,
        icmp6?.id,
      ]),
    ).toEqual([
      [58, undefined, 'echo-request', 4662],
      [58, undefined, 'echo-reply', 4662],
      [44, 0, 'echo-request', 4663],
      [44, 1448, undefined, undefined],
      [44, 0, 'echo-reply', 4663],
      [44, 1448, undefined, undefined],
    ]);
    expect(echos.every(({ ipv6 }) => ipv6!.protocol === 58)).toBe(true);
    expect(echos[2]!.ipv6!.fragment!.id).toBe(echos[3]!.ipv6!.fragment!.id);
  });

  it('does not end where an extension header is cut short', () => {
    const bytes = captured('multicast').find((it) => it.bytes[12] === 0x86)!.bytes;
    const frame = decodeFrame(bytes.subarray(0, 14 + 40 + 4));
    expect(frame.ipv6?.src).toBe('fe80::ff:fe00:a');
    expect(frame.malformed).toBe('ipv6: 44 of 48 bytes');
  });

  it('tells the MTU in a `packet too big`', () => {
    const bytes = captured('nd')
      .find((it) => it.bytes[54] === 128)!
      .bytes.slice();
    bytes[54] = 2;
    bytes.set([0, 0, 0x05, 0], 58);
    expect(decodeFrame(bytes).icmp6).toMatchObject({ kind: 'packet-too-big', mtu: 1280 });
  });

  it('does not follow an option without a length for ever', () => {
    const bytes = captured('nd')
      .find((it) => it.bytes[54] === 136)!
      .bytes.slice();
    bytes.set([9, 0], 14 + 40 + 24);
    expect(decodeFrame(bytes).icmp6).not.toHaveProperty('linkAddress');
  });
});

describe('multicast', () => {
  const frames = decoded('multicast');

  it('is joined by IGMP', () => {
    const reports = frames.flatMap(({ igmp }) => igmp ?? []);
    expect(reports[0]).toEqual({ type: 0x22, kind: 'report', groups: ['239.1.2.3'] });
  });

  it('is joined by MLD, behind a hop-by-hop header', () => {
    const report = frames.find(({ icmp6 }) => icmp6)!;
    expect(report.ipv6).toMatchObject({ nextHeader: 0, protocol: 58, dst: 'ff02::16' });
    expect(report.icmp6).toMatchObject({
      kind: 'listener-report-v2',
      groups: ['ff02::1:ff00:123', 'ff15::123', 'ff02::1:ff00:a'],
    });
  });

  it('is joined with sources, which are walked over to the next group', () => {
    const igmp = '22 00 0000 0000 0002 05 01 0001 ef010203 0a4d0001 ffffffff 04 00 0000 ef010204';
    const ip = '01005e000016 02000000000a 0800 4500003400000000 0102 0000 0a4d0001 e0000016';
    expect(decodeFrame(bytesOf(ip + igmp)).igmp?.groups).toEqual(['239.1.2.3', '239.1.2.4']);

    const record = (last: string) => `ff15${'00'.repeat(13)}${last}`;
    const mld = `8f 00 0000 0000 0002 05 01 0001 ${record('01')} ${record('99')} ffffffff 04 00 0000 ${record('02')}`;
    const ip6 = `333300000016 02000000000a 86dd 60000000 0048 3a 01 ${record('0a')} ${record('16')}`;
    expect(decodeFrame(bytesOf(ip6 + mld)).icmp6?.groups).toEqual(['ff15::1', 'ff15::2']);
  });

  it.each([
    ['a general query', '11 64 ee9b 00000000', { kind: 'query', groups: [] }],
    ['a report of version 2', '16 00 0000 ef010203', { kind: 'report', groups: ['239.1.2.3'] }],
    ['a leave', '17 00 0000 ef010203', { kind: 'leave', groups: ['239.1.2.3'] }],
    ['another type', '30 00 0000 00000000', { kind: 0x30, groups: [] }],
  ])('may be asked for and left by %s of IGMP', (_, message, expected) => {
    const header = '01005e000001 02000000000a 0800 4500001c00000000 0102 0000 0a4d0001 e0000001';
    expect(decodeFrame(bytesOf(header + message)).igmp).toMatchObject(expected);
  });
});
