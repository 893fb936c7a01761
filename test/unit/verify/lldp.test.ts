import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, describeFrame } from '../../../src/frames/decode.js';
import { fuzzed } from '../../support/random.js';
import { bytesOf, captured, decoded } from './captures.js';

const header = '0180c200000e 02000000000a 88cc';

/** A TLV of a type and the hexadecimal digits of its value: IEEE 802.1AB, 8.4. */
function tlv(type: number, value: string): string {
  const { length } = bytesOf(value);
  return ((type << 9) | length).toString(16).padStart(4, '0') + value;
}

const decode = (...tlvs: readonly string[]) => decodeFrame(bytesOf(header + tlvs.join('')));
const mac = tlv(1, '0402000000000a');
const port = tlv(2, '056130');
const ttl = tlv(3, '0078');
const end = tlv(0, '');

describe('an LLDPDU', () => {
  it('of ladvd is read', () => {
    const [{ dst, lldp }] = decoded('lldp') as [ReturnType<typeof decode>];
    expect(dst).toBe('01:80:c2:00:00:0e');
    expect(lldp).toMatchObject({
      chassisId: { subtype: 4, value: '02:00:00:00:00:0a' },
      portId: { subtype: 5, value: 'a0' },
      ttl: 180,
      systemName: 'sw1',
      systemDescription: expect.stringMatching(/^Debian GNU\/Linux 12 /) as string,
      capabilities: { available: 0x10, enabled: 0 },
      managementAddresses: ['10.77.0.1', '2001:db8::a', '02:00:00:00:00:0a'],
    });
    // IEEE 802.3 maximum frame size: 1522.
    expect(lldp!.organisation[0]).toEqual({
      oui: '00:12:0f',
      subtype: 4,
      value: Uint8Array.of(0x05, 0xf2),
    });
  });

  it('needs no more than its three first TLVs', () => {
    expect(decode(mac, port, ttl)).toEqual({
      dst: '01:80:c2:00:00:0e',
      src: '02:00:00:00:00:0a',
      vlans: [],
      etherType: 0x88cc,
      length: 14 + 9 + 5 + 4,
      bytes: expect.any(Uint8Array) as Uint8Array,
      lldp: {
        chassisId: { subtype: 4, value: '02:00:00:00:00:0a' },
        portId: { subtype: 5, value: 'a0' },
        ttl: 120,
        managementAddresses: [],
        organisation: [],
      },
    });
  });

  it.each([
    ['a MAC address', '04 02000000000a', '02:00:00:00:00:0a'],
    ['a MAC address of the wrong size', '04 0200', '02:00'],
    ['an IPv4 address', '05 01 0a4d0001', '10.77.0.1'],
    ['an IPv6 address', '05 02 20010db8000000000000000000000001', '2001:db8::1'],
    ['an address of another family', '05 10 0a4d', '10:0a:4d'],
    ['a name', '07 73773100', 'sw1\0'],
    ['a number', '07 ff01', 'ff:01'],
  ])('names its chassis by %s', (_, value, expected) => {
    expect(decode(tlv(1, value), port, ttl).lldp?.chassisId.value).toBe(expected);
  });

  it('names its port by a MAC address or an IP address with other numbers than its chassis', () => {
    expect(decode(mac, tlv(2, '03 02000000000b'), ttl).lldp?.portId).toEqual({
      subtype: 3,
      value: '02:00:00:00:00:0b',
    });
    expect(decode(mac, tlv(2, '04 01 0a4d0001'), ttl).lldp?.portId.value).toBe('10.77.0.1');
  });

  it('ends at the end TLV, or with the frame', () => {
    const name = tlv(5, '737731');
    const padded = decode(mac, port, ttl, name, end, 'ffffffffff');
    expect([padded.lldp?.systemName, padded.malformed]).toEqual(['sw1', undefined]);
    expect(decode(mac, port, ttl, end, name).lldp).not.toHaveProperty('systemName');
  });

  it.each([
    ['no chassis', [port, ttl]],
    ['no port', [mac, ttl]],
    ['no time to live', [mac, port, end]],
    ['another order', [port, mac, ttl]],
    ['an empty chassis', [tlv(1, '04'), port, ttl]],
    ['half a time to live', [mac, port, tlv(3, '00')]],
    ['nothing', []],
  ])('is refused with %s', (_, tlvs) => {
    const frame = decode(...tlvs);
    expect(frame.lldp).toBeUndefined();
    expect(frame.malformed).toMatch(/^lldp: it does not begin with/);
  });

  it('keeps what came before a TLV that is cut short', () => {
    const bytes = captured('lldp')[0]!.bytes;
    const frame = decodeFrame(bytes.subarray(0, 60));
    expect(frame.lldp).toMatchObject({ portId: { value: 'a0' }, ttl: 180 });
    expect(frame.malformed).toBe('lldp: its last TLV is cut short');
  });
});

describe('TLVs of anybody', () => {
  /** A type, a length that may be another than that of the value, and the value. */
  const any = fc
    .tuple(fc.nat(127), fc.option(fc.nat(511)), fc.uint8Array({ maxLength: 40 }))
    .map(([type, length, value]) => {
      const head = ((type << 9) | (length ?? value.length)).toString(16).padStart(4, '0');
      return head + Buffer.from(value).toString('hex');
    });
  const one = fc.oneof(any, fc.constantFrom(mac, port, ttl, end));

  it('never throw, and say nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (tlvs) => {
        const frame = decode(mac, port, ttl, ...tlvs);
        expect(frame.lldp?.ttl).toBe(120);
        expect(describeFrame(frame)).toMatch(/^[^\p{C}]+$/u);
        describeFrame(decode(...tlvs));
      }),
      fuzzed('TLVs of LLDP', 500),
    );
  }, 3_600_000);
});
