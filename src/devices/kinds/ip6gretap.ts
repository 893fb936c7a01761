import { z } from 'zod';
import { defineDevice } from '../define.js';
import { endsOf, greKey, tunnelBetween } from '../gre.js';
import { makeTunnel, planTunnel, tunnelFields, tunnelHop, tunnelLower } from '../tunnel.js';

const schema = z.strictObject({
  kind: z.literal('ip6gretap'),
  ...endsOf(6, tunnelFields('58 octets, 62 with a key')),
  ...greKey,
});

// Else eight octets more say in how many tunnels it may travel (RFC 2473, 4.1.1).
const PLAIN = { encaplimit: 'none' };

const tunnelOf = (spec: z.output<typeof schema>) =>
  tunnelBetween(
    {
      ...{ kind: 'ip6gretap', by: 'gretap' },
      source: 'Linux net/ipv6/ip6_gre.c: ip6gre_tunnel_xmit, gre_rcv; RFC 7676',
    },
    spec,
    PLAIN,
  );

/** Ethernet in GRE over IPv6 inside a node: net/ipv6/ip6_gre.c, ip-link(8) `type ip6gretap`. */
export const ip6gretap = defineDevice({
  kind: 'ip6gretap',
  title: 'GRE device for Ethernet over IPv6 in a node',
  doc: `The same as gretap, over IPv6, without the option that limits how many tunnels may be inside each other.`,
  example: `{ kind: ip6gretap, name: gre6, local: 'fd00::1', remote: 'fd00::2' }`,
  schema,
  kernelKind: 'ip6gretap',
  makes: (spec) => makeTunnel(spec, tunnelOf(spec)),
  lowers: tunnelLower,
  plan: (spec, context) => [planTunnel(spec, context, tunnelOf(spec))],
  hops: (spec, context) => tunnelHop(spec, context, tunnelOf(spec)),
});
