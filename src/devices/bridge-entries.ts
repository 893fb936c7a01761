import { z } from 'zod';
import type { BridgePort } from '../hops/bridge-settings.js';
import { groupMac, isGroup } from '../frames/mac.js';
import { canonicalIp, isMulticast } from '../topology/address.js';
import { groupOrUnicastMac, ipField, macField } from '../topology/fields.js';

/** What a port of a bridge is told that it need not learn: bridge(8) `fdb` and `mdb`. */

const vlan = z
  .int()
  .min(1)
  .max(4094)
  .optional()
  .describe('With `vlan_filtering`: the only VLAN that it holds in');

const isIp = (text: string): boolean => ipField.safeParse(text).success;

const group = z
  .union([ipField.transform(canonicalIp), groupOrUnicastMac], {
    error: 'write the address of a group, such as `239.1.1.1`, `ff05::1:3` or `01:02:03:04:05:06`',
  })
  .refine((text) => (isIp(text) ? isMulticast(text) : isGroup(text)), {
    error: 'write the address of a group, such as `239.1.1.1`, `ff05::1:3` or `01:02:03:04:05:06`',
  });

export const bridgeEntryFields = {
  fdb: z
    .array(
      z.strictObject({
        mac: macField.describe('MAC of the device'),
        vlan,
        state: z
          .enum(['static', 'permanent'])
          .default('static')
          .describe(
            '`static`: it is behind this port, whatever is heard elsewhere; `permanent`: it is a MAC of the bridge itself',
          ),
      }),
    )
    .default([])
    .describe(
      'Static entries of the forwarding table: what is for the MAC goes to this port alone, though nobody was ever heard there',
    ),
  mdb: z
    .array(z.strictObject({ group: group.describe('Address of the group'), vlan }))
    .default([])
    .describe(
      'With `snooping`: groups that are handed to this port though nobody has joined, and to no port without such an entry. Where nobody asks (`querier`) a bridge floods groups of IP all the same',
    ),
};

type PortEntries = z.output<z.ZodObject<typeof bridgeEntryFields>>;

/** What the model reads of them. */
export const entrySettings = ({
  fdb,
  mdb,
}: PortEntries): Pick<BridgePort, 'entries' | 'groups'> => ({
  entries: fdb.map(({ mac, vlan: id, state }) => ({ mac, vlan: id, isOwn: state === 'permanent' })),
  groups: mdb.map(({ group: address, vlan: id }) => ({
    ...(isIp(address) ? { mac: groupMac(address), ip: address } : { mac: address, ip: undefined }),
    vlan: id,
  })),
});
