import { z } from 'zod';
import { defineDevice } from '../define.js';
import { endsOf, tunnelBetween } from '../gre.js';
import { makeTunnel, planTunnel, tunnelEndFields, tunnelHop, tunnelLower } from '../tunnel.js';

const schema = z.strictObject({
  kind: z.literal('sit'),
  ...endsOf(4, tunnelEndFields('20 octets', 'that of the packet inside')),
});

// Else it carries IPv4 as well, as `ipip` does.
const IPV6_ALONE = { mode: 'ip6ip' };

const tunnelOf = (spec: z.output<typeof schema>) =>
  tunnelBetween(
    {
      ...{ kind: 'sit', by: 'sit' },
      source: 'Linux net/ipv6/sit.c: sit_tunnel_xmit, ipip6_rcv; RFC 4213',
    },
    spec,
    IPV6_ALONE,
  );

/** IPv6 in IPv4 inside a node: net/ipv6/sit.c, ip-link(8) `type sit`. */
export const sit = defineDevice({
  kind: 'sit',
  title: 'IPv6-in-IPv4 device in a node',
  doc: `A line to one other end for packets of IPv6 over a network that has IPv4 alone ("simple internet transition"): 20 octets more.
As \`ipip\` it has no header of Ethernet: no neighbour discovery goes by it, and none is needed.`,
  example: `{ kind: sit, name: sit1, remote: 10.0.0.2 }`,
  schema,
  kernelKind: 'sit',
  makes: (spec) => makeTunnel(spec, tunnelOf(spec)),
  lowers: tunnelLower,
  plan: (spec, context) => [planTunnel(spec, context, tunnelOf(spec))],
  hops: (spec, context) => tunnelHop(spec, context, tunnelOf(spec)),
});
