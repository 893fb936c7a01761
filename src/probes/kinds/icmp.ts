import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { courses } from '../../ip/courses.js';
import { converse } from '../../ip/converse.js';
import { ping } from '../../ip/ping.js';
import type { Hop } from '../../hops/types.js';
import type { Check } from '../../topology/lab.js';
import { defineProbe } from '../define.js';
import { forgettingAll, meeting, tablesOf } from '../pair.js';
import { legsOf } from '../spoken.js';

/** An ICMP identifier of the check's own, never 0. */
const identifier = (check: Check): number => 1 + (crc32(JSON.stringify(check)) % 0xffff);

/** Octets of IP and ICMP headers before the data of an echo. */
const HEADERS = { 4: 28, 6: 48 } as const;

/**
 * May the packet be cut: ping(8) `-M`? What IPv6 routers get is not cut where it fits the first device; left to itself the
 * kernel would forbid IPv4 routers to cut.
 */
function discovery(
  asked: { readonly family: 4 | 6; readonly size?: number | undefined; dontFragment: boolean },
  { settings: { mtu = 1500 } }: Hop,
): 'do' | 'dont' {
  const isWhole = asked.family === 6 && (asked.size ?? 0) <= mtu;
  return asked.dontFragment || isWhole ? 'do' : 'dont';
}

/** Echo request and reply: RFC 792, RFC 4443, sent by ping(8). */
export const icmp = defineProbe({
  kind: 'icmp',
  title: 'ICMP echo',
  doc: `ping at \`from\` to the address of \`to\`, with everything that it takes: address resolution (ARP, or IPv6 neighbour discovery),
the echo request and its reply, on every segment and over every router between the two. When it fails, the report says which of the
frames was lost, on which segment, and where.`,
  schema: z.strictObject({
    probe: z.literal('icmp'),
    family: z
      .union([z.literal(4), z.literal(6)])
      .optional()
      .describe('IP version; by default IPv4 where both ends have it, else IPv6'),
    ttl: z
      .int()
      .min(1)
      .max(255)
      .optional()
      .describe('Time to live, or hop limit, of the request; that of the stack when left out'),
    size: z
      .int()
      .min(28)
      .max(65535)
      .optional()
      .describe('Octets of the packet, its headers included'),
    dont_fragment: z
      .boolean()
      .default(false)
      .describe('No router may cut the packet (IPv6 routers never do)'),
  }),
  filter: 'arp or icmp or icmp6',
  programs: ['ping'],
  prepare(check, ends, around) {
    const found = meeting(ends, check.family === undefined ? [4, 6] : [check.family], around);
    if (!('pair' in found)) return found;
    const { pair, isRouted, several, ...meet } = found;
    const { from, to, source, target } = pair;
    const { family } = target;
    const { bound } = meet;
    const id = identifier(check);
    const { ttl, size, dont_fragment: dontFragment } = check;
    const exchange = ping({ ...meet, id, ttl, size, dontFragment });
    const { model, stacks } = around;
    const all = courses((choose) => converse(model, stacks, exchange, choose));
    const sender = all[0]?.find(({ what }) => what === 'packet')?.from ?? from.hop;
    const argv = [
      ...['ping', '-n', '-q', '-c', '1', '-W', '1', '-e', String(id)],
      ...(bound ? ['-I', bound.device] : []),
      // Of several addresses the kernel would take the first.
      ...(isRouted || several ? ['-I', source.ip] : []),
      ...(ttl === undefined ? [] : ['-t', String(ttl)]),
      ...(size === undefined ? [] : ['-s', String(size - HEADERS[family])]),
      ...(size === undefined && !dontFragment
        ? []
        : ['-M', discovery({ family, size, dontFragment }, sender)]),
    ];
    return {
      kind: 'icmp',
      check,
      from,
      to,
      courses: all.map((spoken) => legsOf(spoken)),
      send: {
        stack: from.stack,
        argv: argv.concat(target.ip),
        forgets: {
          neighbours: [{ device: source.device, family }],
          sizes: size !== undefined,
        },
        timeout: 10_000,
      },
      ...variantOf(check, family),
      ...(isRouted && { before: forgettingAll(all.flat(), stacks, family, size !== undefined) }),
      uses: tablesOf(pair, all.flat()),
    };
  },
});

/** What was asked for, in words, where it is more than a ping. */
function variantOf(
  asked: {
    readonly family?: 4 | 6 | undefined;
    readonly ttl?: number | undefined;
    readonly size?: number | undefined;
  },
  family: 4 | 6,
): { readonly variant?: string } {
  const words = [
    ...(asked.family === undefined ? [] : [`IPv${family}`]),
    ...(asked.ttl === undefined ? [] : [`ttl ${asked.ttl}`]),
    ...(asked.size === undefined ? [] : [`${asked.size} octets`]),
  ];
  return words.length === 0 ? {} : { variant: words.join(', ') };
}
