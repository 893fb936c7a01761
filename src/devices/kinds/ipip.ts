import { z } from 'zod';
import { defineDevice } from '../define.js';
import { endsOf, tunnelBetween } from '../gre.js';
import { makeTunnel, planTunnel, tunnelEndFields, tunnelHop, tunnelLower } from '../tunnel.js';

const schema = z.strictObject({
  kind: z.literal('ipip'),
  ...endsOf(4, tunnelEndFields('20 octets', 'that of the packet inside')),
});

const tunnelOf = (spec: z.output<typeof schema>) =>
  tunnelBetween(
    {
      ...{ kind: 'ipip', by: 'ipip' },
      source: 'Linux net/ipv4/ipip.c: ipip_tunnel_xmit, ipip_rcv; RFC 2003',
    },
    spec,
  );

/** IPv4 in IPv4 inside a node: net/ipv4/ipip.c, ip-link(8) `type ipip`. */
export const ipip = defineDevice({
  kind: 'ipip',
  title: 'IPv4-in-IPv4 device in a node',
  doc: `A line to one other end for packets of IPv4, each behind a second header of IPv4: 20 octets more, the least that a tunnel can add.
It has no header of Ethernet and no MAC: ARP and LLDP cannot go by it, nobody is asked for an address there, and it is no port of a switch. Between two
addresses there is one such tunnel: nothing would tell two apart.`,
  example: `{ kind: ipip, name: ipip1, remote: 10.0.0.2 }`,
  schema,
  kernelKind: 'ipip',
  makes: (spec) => makeTunnel(spec, tunnelOf(spec)),
  lowers: tunnelLower,
  plan: (spec, context) => [planTunnel(spec, context, tunnelOf(spec))],
  hops: (spec, context) => tunnelHop(spec, context, tunnelOf(spec)),
});
