import { z } from 'zod';
import { defineDevice } from '../define.js';
import { endsOf, greKey, tunnelBetween } from '../gre.js';
import { makeTunnel, planTunnel, tunnelEndFields, tunnelHop, tunnelLower } from '../tunnel.js';

const schema = z.strictObject({
  kind: z.literal('gre'),
  ...endsOf(4, tunnelEndFields('24 octets, 28 with a key', 'that of the packet inside')),
  ...greKey,
});

const tunnelOf = (spec: z.output<typeof schema>) =>
  tunnelBetween(
    {
      ...{ kind: 'gre', by: 'gre' },
      source: 'Linux net/ipv4/ip_gre.c: ipgre_xmit, gre_rcv; RFC 2784, RFC 2890',
    },
    spec,
  );

/** GRE for packets inside a node: net/ipv4/ip_gre.c, ip-link(8) `type gre`. */
export const gre = defineDevice({
  kind: 'gre',
  title: 'GRE device for packets in a node',
  doc: `A line to one other end for packets of IPv4 and IPv6, in GRE over IPv4. As \`ipip\` it has no header of Ethernet: for frames there is \`gretap\`.
What tells tunnels between the same two ends apart is the key, and a \`gretap\` with the same key is another tunnel.`,
  example: `{ kind: gre, name: gre1, remote: 10.0.0.2, key: 7 }`,
  schema,
  kernelKind: 'gre',
  makes: (spec) => makeTunnel(spec, tunnelOf(spec)),
  lowers: tunnelLower,
  plan: (spec, context) => [planTunnel(spec, context, tunnelOf(spec))],
  hops: (spec, context) => tunnelHop(spec, context, tunnelOf(spec)),
});
