import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { canonicalIp, sameSubnet, splitCidr } from '../../../src/topology/address.js';

const ipv4 = fc.tuple(fc.ipV4(), fc.nat(32)).map(([ip, prefix]) => `${ip}/${prefix}`);
const ipv6 = fc.tuple(fc.ipV6(), fc.nat(128)).map(([ip, prefix]) => `${ip}/${prefix}`);

/** Another address of a subnet, or of one near it. */
const near = (cidr: string, bit: number): string => {
  const [ip, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = ip.toByteArray();
  const at = bit % (8 * bytes.length);
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (0x80 >> (at & 7));
  return `${ipaddr.fromByteArray(bytes).toString()}/${prefix}`;
};

describe('sameSubnet', () => {
  it('says what the library says of both prefixes', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), fc.nat(127), fc.oneof(ipv4, ipv6), (one, bit, other) => {
        for (const two of [near(one, bit), other]) {
          const [a, b] = [one, two].map((cidr) => ipaddr.parseCIDR(cidr));
          if (!a || !b) throw new Error('two addresses');
          const expected = a[0].kind() === b[0].kind() && b[0].match(a) && a[0].match(b);
          expect(sameSubnet(splitCidr(one), splitCidr(two)), `${one} ${two}`).toBe(expected);
        }
      }),
    );
  });
});

describe('addresses', () => {
  it('have one form', () => {
    expect(canonicalIp('FD00:0:0::01')).toBe('fd00::1');
    expect(canonicalIp('10.0.0.1')).toBe('10.0.0.1');
    expect(splitCidr('fd00:0::1/64')).toEqual({ ip: 'fd00::1', prefix: 64, family: 6 });
    expect(splitCidr('10.1.0.1/24')).toEqual({ ip: '10.1.0.1', prefix: 24, family: 4 });
  });
});
