import { z } from 'zod';
import { defineDevice } from '../define.js';
import { endsOf, greKey, tunnelBetween } from '../gre.js';
import { makeTunnel, planTunnel, tunnelFields, tunnelHop, tunnelLower } from '../tunnel.js';

const schema = z.strictObject({
  kind: z.literal('gretap'),
  ...endsOf(4, tunnelFields('38 octets, 42 with a key')),
  ...greKey,
});

const tunnelOf = (spec: z.output<typeof schema>) =>
  tunnelBetween(
    {
      ...{ kind: 'gretap', by: 'gretap' },
      source: 'Linux net/ipv4/ip_gre.c: gre_tap_xmit, gre_rcv; RFC 2784, RFC 2890',
    },
    spec,
  );

/** Ethernet in GRE over IPv4 inside a node: net/ipv4/ip_gre.c, ip-link(8) `type gretap`. */
export const gretap = defineDevice({
  kind: 'gretap',
  title: 'GRE device for Ethernet in a node',
  doc: `A cable that travels in GRE packets of the stack over IPv4, to one other end and from that one alone. It has no port: what tells tunnels between
the same two ends apart is the key. Its packets must not be cut on their way.`,
  example: `{ kind: gretap, name: gre0, remote: 10.0.0.2, key: 7 }`,
  schema,
  kernelKind: 'gretap',
  makes: (spec) => makeTunnel(spec, tunnelOf(spec)),
  lowers: tunnelLower,
  plan: (spec, context) => [planTunnel(spec, context, tunnelOf(spec))],
  hops: (spec, context) => tunnelHop(spec, context, tunnelOf(spec)),
});
