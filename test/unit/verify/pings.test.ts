import { describe, expect, it } from 'vitest';
import { read } from '../../../src/verify/steps/pings.js';

/** What ping(8) prints with `-D`, and what is made of it. */

const answer = (seconds: string, seq: number, more = ''): string =>
  `[${seconds}] 64 bytes from 10.0.0.2: icmp_seq=${seq} ttl=64 time=0.05 ms${more}\n`;

describe('pings across something', () => {
  it('tell the longest time between two answers', () => {
    const text = `PATTERN: 0xabcd
PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
${answer('1700000000.000000', 1)}${answer('1700000000.020000', 2)}${answer('1700000000.021000', 2, ' (DUP!)')}[1700000000.1] From 10.0.0.1 icmp_seq=4 Destination Host Unreachable
${answer('1700000000.140000', 8)}${answer('1700000000.160000', 9)}
--- 10.0.0.2 ping statistics ---
9 packets transmitted, 4 received, +1 duplicates, 55.5% packet loss, time 160ms
`;
    expect(read(text)).toEqual({ sent: 9, answered: 4, gap: 120 });
  });

  it('tell nothing of a time where one answer came, or none', () => {
    expect(read(answer('1700000000.000000', 1)).gap).toBeUndefined();
    expect(read('3 packets transmitted, 0 received')).toEqual({
      ...{ sent: 3, answered: 0, gap: undefined },
    });
  });
});
