import { describe, expect, it } from 'vitest';
import { FRAME_CLASSES } from '../../../src/frames/classes.js';
import { classifyFrame, decodeFrame, describeFrame } from '../../../src/frames/decode.js';
import { bytesOf, captureNames, decoded, joined } from './captures.js';

/** Class and line of every frame of a capture. */
const lines = (name: string) =>
  decoded(name).map((frame) => `${classifyFrame(frame) ?? '-'}: ${describeFrame(frame)}`);

describe('the class and the description of a frame', () => {
  it.each(
    Object.entries({
      arp: [
        'arp-request: ARP who-has 10.77.0.2 tell 10.77.0.1',
        'arp-reply: ARP 10.77.0.2 is-at 02:00:00:00:00:0b',
        'arp-request: ARP who-has 10.77.0.1 tell 10.77.0.1',
      ],
      icmp: [
        'icmp: IP 10.77.0.1 > 10.77.0.2: ICMP echo request, id 4660, seq 1',
        'icmp: IP 10.77.0.2 > 10.77.0.1: ICMP echo reply, id 4660, seq 1',
        'icmp: IP 10.77.0.1 > 10.77.0.2: ICMP echo request, id 4660, seq 2',
        'icmp: IP 10.77.0.2 > 10.77.0.1: ICMP echo reply, id 4660, seq 2',
        'icmp: IP 10.77.0.1 > 10.77.0.2: fragment at 0, ICMP echo request, id 4661, seq 1',
        '-: IP 10.77.0.1 > 10.77.0.2: fragment at 1480, protocol 1',
        'icmp: IP 10.77.0.2 > 10.77.0.1: fragment at 0, ICMP echo reply, id 4661, seq 1',
        '-: IP 10.77.0.2 > 10.77.0.1: fragment at 1480, protocol 1',
        '-: IP 10.77.0.1.4000 > 10.77.0.2.4001: UDP, length 5',
        'icmp: IP 10.77.0.2 > 10.77.0.1: ICMP destination unreachable, code 3',
      ],
      cut: [
        '-: IP 10.77.0.1 > 10.77.0.2: protocol 1 [malformed icmp: 6 of 8 bytes]',
        '-: IP 10.77.0.2 > 10.77.0.1: protocol 1 [malformed icmp: 6 of 8 bytes]',
      ],
      lldp: [
        'lldp: LLDP chassis 02:00:00:00:00:0a, port a0, name sw1, ttl 180, 02:00:00:00:00:0a > 01:80:c2:00:00:0e',
      ],
      discovery: [
        'cdp: CDPv2 device sw1, port a0, ttl 180, 02:00:00:00:00:0a > 01:00:0c:cc:cc:cc',
        'edp: EDP, 02:00:00:00:00:0a > 00:e0:2b:00:00:00',
        'fdp: FDP, 02:00:00:00:00:0a > 01:e0:52:cc:cc:cc',
        'sonmp: SONMP, 02:00:00:00:00:0a > 01:00:81:00:01:00',
      ],
      stp: [
        'stp: STP config, root 8000.02:00:00:00:00:0c, bridge 8000.02:00:00:00:00:0c, port 8001, 02:00:00:00:00:0a > 01:80:c2:00:00:00',
      ],
      lacp: ['lacp: LACPv1 actor 02:00:00:00:00:0f, key 1, 02:00:00:00:00:0d > 01:80:c2:00:00:02'],
      crafted: [
        '-: vlan 100, IP 10.77.0.1.4000 > 10.77.0.2.4001: UDP, length 5',
        'arp-reply: vlan 10, vlan 20, ARP 10.77.0.1 is-at 02:00:00:00:00:0a',
        'pause: PAUSE quanta 4660, 02:00:00:00:00:0a > 01:80:c2:00:00:01',
        'dot1x: EAPOL start v2, 02:00:00:00:00:0a > 01:80:c2:00:00:03',
      ],
    }),
  )('%s', (name, expected) => {
    expect(lines(name)).toEqual(expected);
  });

  it.each([
    [
      'nd',
      'nd-solicitation: IP6 2001:db8::a > ff02::1:ff00:b: ICMP6, neighbor solicitation, who has 2001:db8::b',
    ],
    [
      'nd',
      'nd-advertisement: IP6 2001:db8::b > 2001:db8::a: ICMP6, neighbor advertisement, tgt is 2001:db8::b',
    ],
    ['nd', 'nd-router-solicitation: IP6 fe80::ff:fe00:a > ff02::2: ICMP6, router solicitation'],
    ['nd', 'icmp6: IP6 2001:db8::a > 2001:db8::b: ICMP6, echo request, id 4662, seq 1'],
    [
      'nd',
      'icmp6: IP6 2001:db8::b > 2001:db8::a: fragment at 0, ICMP6, echo reply, id 4663, seq 1',
    ],
    ['multicast', 'igmp: IP 10.77.0.1 > 224.0.0.22: igmp report, 239.1.2.3'],
    [
      'multicast',
      'mld: IP6 fe80::ff:fe00:a > ff02::16: ICMP6, listener report v2, ff02::1:ff00:123, ff15::123, ff02::1:ff00:a',
    ],
    ['multicast', 'mdns: IP 10.77.0.1.5353 > 224.0.0.251.5353: UDP, length 1'],
  ])('%s has %s', (name, expected) => {
    expect(lines(name)).toContain(expected);
  });

  it('covers every class that the model of the hops knows', () => {
    // These differ from others in tag, size or address, whatever they hold.
    const other = ['vlan-tagged', 'mtu', 'over-mtu', 'unicast-own', 'unicast-foreign'];
    const seen = new Set<string | undefined>(captureNames.flatMap(decoded).map(classifyFrame));
    expect(FRAME_CLASSES.filter((name) => !seen.has(name))).toEqual(other);
  });
});

describe('a line for a terminal', () => {
  it('holds nothing that a sender could move the cursor with', () => {
    const name = Buffer.from('a\x1b[2J\u202e\r\nb');
    const chassis = joined(Uint8Array.of(2, 1 + name.length, 7), name);
    const header = bytesOf('0180c200000e 02000000000a 88cc');
    const rest = bytesOf('0403 05 5f61 0602 003c');
    const line = describeFrame(decodeFrame(joined(header, chassis, rest)));
    expect(line).toContain(String.raw`chassis a\u{1b}[2J\u{202e}\u{d}\u{a}b, port _a,`);
  });
});
