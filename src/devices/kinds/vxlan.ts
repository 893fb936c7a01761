import { z } from 'zod';
import { fdb } from '../../plan/resources/kinds/fdb.js';
import { familyOf, isMulticast } from '../../topology/address.js';
import { groupOrUnicastMac } from '../../topology/fields.js';
import { defineDevice } from '../define.js';
import { parseLocal } from '../local.js';
import {
  address,
  makeTunnel,
  numberOf,
  planTunnel,
  tunnelFields,
  tunnelHop,
  tunnelLower,
  type Tunnel,
} from '../tunnel.js';

/** An entry for this MAC is for all frames that no other entry is for: bridge(8). */
const ANY_MAC = '00:00:00:00:00:00';

const schema = z
  .strictObject({
    kind: z.literal('vxlan'),
    ...tunnelFields('50 octets with IPv4, 70 with IPv6'),
    vni: numberOf(24).describe('Number of the network: both ends have the same'),
    remote: address
      .optional()
      .describe('Address of the other end, to which goes what no entry and nothing learnt is for'),
    group: address
      .optional()
      .describe(
        'In place of `remote`, a group that all ends are in: their network finds who is there',
      ),
    port: z
      .int()
      .min(1)
      .max(65535)
      .default(4789)
      .describe('UDP port, the same at all ends; 4789 is the one of the standard'),
    learning: z
      .boolean()
      .default(true)
      .describe(
        'Remember from which address the frames of a MAC have come, and send there what is for it',
      ),
    fdb: z
      .array(
        z.strictObject({
          mac: groupOrUnicastMac
            .default(ANY_MAC)
            .describe(
              `MAC of the device; \`${ANY_MAC}\` is all that no other entry is for, with a copy for each such entry`,
            ),
          remote: address.describe('Address of the end where it is'),
        }),
      )
      .default([])
      .describe('Static entries of its forwarding table'),
  })
  .refine(({ remote, group }) => remote === undefined || group === undefined, {
    path: ['group'],
    error: 'leave out `remote` or `group`: what no entry is for goes to the one or to the other',
  })
  .refine(
    ({ remote, group, local, fdb: entries }) => {
      const first = remote ?? group ?? local ?? '';
      return [local, ...entries.map((entry) => entry.remote)].every(
        (ip) => ip === undefined || familyOf(ip) === familyOf(first),
      );
    },
    {
      path: ['fdb'],
      error:
        'write addresses of one family: a device sends by IPv4 unless `remote`, `group` or `local` is of IPv6',
    },
  )
  .refine(({ group }) => group === undefined || isMulticast(group), {
    path: ['group'],
    error: 'write the address of a group, such as `239.1.1.1`; a single end is a `remote`',
  })
  .refine(({ group, dev }) => group === undefined || dev !== undefined, {
    path: ['group'],
    error: 'write a `dev` as well: no route says by which device a group is to be joined',
  })
  .refine(({ remote }) => remote === undefined || !isMulticast(remote), {
    path: ['remote'],
    error: 'write the address of a single end; that of a group is a `group`',
  });

const tunnelOf = (spec: z.output<typeof schema>): Tunnel => {
  const { name, vni, remote, group, port, learning } = spec;
  const others = spec.fdb.filter(({ mac }) => mac === ANY_MAC);
  const first = remote ?? group;
  const options = { id: String(vni), dstport: String(port) };
  return {
    ...{ kind: 'vxlan', by: 'vxlan', id: vni, port, learning, isOpen: true },
    remotes: [...(first === undefined ? [] : [first]), ...others.map((entry) => entry.remote)],
    entries: Object.fromEntries(
      spec.fdb.filter(({ mac }) => mac !== ANY_MAC).map((entry) => [entry.mac, entry.remote]),
    ),
    options: {
      ...options,
      ...(remote !== undefined && { remote }),
      ...(group !== undefined && { group }),
      ...(!learning && { nolearning: '' }),
    },
    source: 'Linux drivers/net/vxlan/vxlan_core.c: vxlan_xmit, vxlan_rcv; RFC 7348',
    why: `${name}: VXLAN ${vni}${first === undefined ? '' : ` to ${first}`}`,
  };
};

/** A VXLAN device inside a node: drivers/net/vxlan/, ip-link(8) `type vxlan`. */
export const vxlan = defineDevice({
  kind: 'vxlan',
  title: 'VXLAN device in a node',
  doc: `An Ethernet network that travels in UDP packets of the stack: the device sends each frame to the end where its MAC is, by a
static entry (\`fdb\`) or by what it has learnt, and what it knows no end for, with all broadcasts, to its \`remote\`, to its \`group\`, or to each of
its entries without a MAC. It takes what comes with its number from anybody. The packets go by the routes of the stack, over
routers too, and are 50 octets longer than what they carry (70 with IPv6): the MTU of the device leaves room for that.`,
  example: `{ kind: vxlan, name: vx10, vni: 10, remote: 10.0.0.2 }`,
  schema,
  kernelKind: 'vxlan',
  // Tunnels of one port are told apart by their number.
  listens: ({ port }) => ({ port, field: 'port', isShared: true }),
  makes: (spec) => makeTunnel(spec, tunnelOf(spec)),
  lowers: tunnelLower,
  plan(spec, context) {
    const self = parseLocal(spec.name);
    const { stack, ...place } = context.inside(self.namespace);
    const hop = context.hopId(self);
    return [
      planTunnel(spec, context, tunnelOf(spec)),
      ...spec.fdb.map(({ mac, remote }) =>
        fdb.of({
          ...place,
          id: `fdb ${hop} ${mac} ${remote}`,
          wanted: { device: self.name, mac, remote },
          in: [stack, hop],
          why: `${spec.name}: ${mac === ANY_MAC ? 'what no other entry is for' : mac} is at ${remote}`,
        }),
      ),
    ];
  },
  hops: (spec, context) => tunnelHop(spec, context, tunnelOf(spec)),
});
