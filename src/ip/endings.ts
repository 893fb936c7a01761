import type { Cause, Hop } from '../hops/types.js';
import type { IpPacket } from './accept.js';
import type { Decision } from './routes.js';
import { forwards, type IpStack } from './stack.js';

/** Why the routes of a stack let the way of a packet end. */

/** No table has a route. */
export const noRoute = ({ stack }: IpStack, dst: string, name: string): Cause => ({
  reason: `${stack.id} has no route to ${dst}: it cannot send the ${name}.`,
  remedy: `Give ${stack.id} a route to ${dst} (\`routes: [{ to: default, via: ... }]\`).`,
  source: 'Linux net/ipv4/fib_rules.c, ENETUNREACH; ip-route(8)',
});

type Rejected = Extract<Decision, { kind: 'rejected' }>;

/** What the sender is told by ICMP, and what a program of the stack itself: net/ipv4/route.c, ip_error; net/ipv6/route.c, ip6_rt_init_dst_reject. */
const ANSWERS = {
  unreachable: { 4: 'host unreachable', 6: 'no route to destination', own: 'no route to host' },
  prohibit: {
    ...{ 4: 'communication administratively prohibited' },
    ...{ 6: 'communication administratively prohibited', own: 'permission denied' },
  },
  blackhole: { 4: undefined, 6: undefined, own: 'invalid argument' },
} as const;

/**
 * A route that leads nowhere on purpose.
 * @param cameBy - nothing where the stack sends the packet itself
 */
export function rejected(
  stack: IpStack,
  { dst, src, family }: Pick<IpPacket, 'dst' | 'src' | 'family'>,
  { type, route }: Rejected,
  cameBy: Hop | undefined,
): Cause {
  const { id } = stack.stack;
  const answer = ANSWERS[type][cameBy ? family : 'own'];
  // What does not forward IPv4 sends no such error either.
  const isSilent = cameBy !== undefined && family === 4 && !forwards(stack, cameBy, family);
  const said =
    answer === undefined || isSilent
      ? 'says nothing'
      : `tells ${cameBy ? src : 'the program that sends it'} so (${answer})`;
  return {
    reason: `The way of what is for ${dst} ends at ${id}, whose route \`${route()}\` leads nowhere: ${id} drops the packet and ${said}.`,
    remedy: `Remove that route of ${id}, or give it a more specific one to ${dst}.`,
    source:
      'ip-route(8): unreachable, blackhole, prohibit; Linux net/ipv4/fib_semantics.c: fib_props',
  };
}

/** More routers than a packet crosses. */
export const circles = ({ dst }: IpPacket): Cause => ({
  reason: `The routes for ${dst} lead in a circle: the packet goes from router to router until its time to live ends.`,
  remedy: 'Make the routes of the routers on the way lead towards the destination.',
  source: 'RFC 1812 5.3.1',
});
