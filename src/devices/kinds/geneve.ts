import { z } from 'zod';
import { defineDevice } from '../define.js';
import {
  address,
  makeTunnel,
  numberOf,
  planTunnel,
  tunnelFields,
  tunnelHop,
  type Tunnel,
} from '../tunnel.js';

const { local: _local, dev: _dev, ...fields } = tunnelFields('50 octets with IPv4, 70 with IPv6');

const schema = z.strictObject({
  kind: z.literal('geneve'),
  ...fields,
  vni: numberOf(24).describe('Number of the network: both ends have the same'),
  remote: address.describe('Address of the other end'),
  port: z
    .int()
    .min(1)
    .max(65535)
    .default(6081)
    .describe('UDP port, the same at both ends; 6081 is the one of the standard'),
});

const tunnelOf = ({ name, vni, remote, port }: z.output<typeof schema>): Tunnel => ({
  ...{ kind: 'geneve', by: 'geneve', id: vni, port, learning: false, isOpen: false },
  ...{ remotes: [remote], entries: {} },
  options: { id: String(vni), remote, dstport: String(port) },
  source: 'Linux drivers/net/geneve.c: geneve_xmit, geneve_udp_encap_recv; RFC 8926',
  why: `${name}: Geneve ${vni} to ${remote}`,
});

/** A Geneve device inside a node: drivers/net/geneve.c, ip-link(8) `type geneve`. */
export const geneve = defineDevice({
  kind: 'geneve',
  title: 'Geneve device in a node',
  doc: `A cable that travels in UDP packets of the stack, to one other end and from that one alone. It is as long as VXLAN, and has room for options that
no device of Linux sends by itself.`,
  example: `{ kind: geneve, name: gnv0, vni: 10, remote: 10.0.0.2 }`,
  schema,
  kernelKind: 'geneve',
  // Tunnels of one port are told apart by their number.
  listens: ({ port }) => ({ port, field: 'port', isShared: true }),
  makes: (spec) => makeTunnel(spec, tunnelOf(spec)),
  plan: (spec, context) => [planTunnel(spec, context, tunnelOf(spec))],
  hops: (spec, context) => tunnelHop(spec, context, tunnelOf(spec)),
});
