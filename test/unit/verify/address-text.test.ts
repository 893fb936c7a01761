import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalIp } from '../../../src/topology/address.js';
import { hex, ipv4Text, ipv6Text, mac, text } from '../../../src/frames/decode/bytes.js';
import { bytesOf } from './captures.js';

const groups = fc.array(fc.oneof(fc.constant(0), fc.constant(0xffff), fc.nat({ max: 0xffff })), {
  minLength: 8,
  maxLength: 8,
});

describe('an address as text', () => {
  it.each([
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['fe800000000000000000000000000000', 'fe80::'],
    ['00000000000000000000ffff0a4d0001', '::ffff:a4d:1'],
  ])('%s is %s (RFC 5952)', (digits, expected) => {
    expect(ipv6Text(bytesOf(digits), 0)).toBe(expected);
  });

  it('is the one that the topology has for it', () => {
    fc.assert(
      fc.property(groups, (words) => {
        const written = words.map((word) => word.toString(16)).join(':');
        const bytes = Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
        expect(ipv6Text(bytes, 0)).toBe(canonicalIp(written));
      }),
      { numRuns: 2000 },
    );
  });

  it('is empty where bytes lack', () => {
    const bytes = bytesOf('0a4d00');
    expect([mac(bytes), ipv4Text(bytes, 0), ipv6Text(bytes, 0)]).toEqual(['', '', '']);
  });
});

describe('a name as text', () => {
  it('is UTF-8, else hex', () => {
    expect(text(Buffer.from('Zürich-1'))).toBe('Zürich-1');
    expect(text(bytesOf('ff00'))).toBe('ff:00');
  });

  it('tells any two names apart', () => {
    const name = fc.uint8Array({ maxLength: 4 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        // A name that is spelled like another's hex is the one exception.
        fc.pre(hex(a) !== text(b) && hex(b) !== text(a));
        expect(text(a) === text(b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });
});
