import { z } from 'zod';
import { BOND_MODES, HASH_POLICIES } from '../hops/bonding.js';
import { duplicateField, localDevice, macField, mtuField } from '../topology/fields.js';

/** What may be written of a bond: ip-link(8) `type bond`, Documentation/networking/bonding.rst. */

const milliseconds = z.int().min(0).max(2_147_483_647);

const fields = z.strictObject({
  kind: z.literal('bond'),
  name: localDevice.describe('Name of the bond: `device` or `namespace:device`'),
  members: z
    .array(localDevice)
    .min(1)
    .describe('Devices that it uses, in the same namespace; they lose what IP they have'),
  mode: z
    .enum(BOND_MODES)
    .default('balance-rr')
    .describe(
      'How it uses them: in turn (balance-rr), one at a time (active-backup), by a hash (balance-xor), all at once (broadcast), as LACP agrees (802.3ad), or by what each has sent (balance-tlb, and balance-alb for what comes in too)',
    ),
  miimon: milliseconds
    .optional()
    .describe(
      'Milliseconds between looks at the carrier of the members; 0 for never, so that one without carrier goes on being used. 100 when left out, with `arp_interval` 0',
    ),
  updelay: milliseconds.optional().describe('Milliseconds until a member that has carrier is used'),
  downdelay: milliseconds
    .optional()
    .describe('Milliseconds until a member without carrier is used no more'),
  arp_interval: milliseconds
    .optional()
    .describe(
      'Milliseconds between ARP requests to `arp_ip_target`, whose answers say that a member is alive. The prediction asks whether anybody hears them. Not with LACP, balance-tlb and balance-alb',
    ),
  arp_ip_target: z
    .array(z.ipv4({ error: 'write an IPv4 address such as `10.0.0.1`' }))
    .min(1)
    .max(16)
    .optional()
    .describe('Whom it asks'),
  arp_validate: z
    .enum(['none', 'active', 'backup', 'all', 'filter', 'filter_active', 'filter_backup'])
    .optional()
    .describe('Which ARP counts for whether a member is alive'),
  primary: localDevice
    .optional()
    .describe(
      'The member that is used while it is alive, in the modes that use one at a time; the first when left out, until it fails: the kernel then stays with the next one',
    ),
  primary_reselect: z
    .enum(['always', 'better', 'failure'])
    .optional()
    .describe('When the primary is used again after it was down'),
  fail_over_mac: z
    .enum(['none', 'active'])
    .default('none')
    .describe(
      'In mode active-backup: give all members the MAC of the bond (none), or leave them theirs and take that of the one in use (active)',
    ),
  xmit_hash_policy: z
    .enum(HASH_POLICIES)
    .default('layer2')
    .describe('What the hash of balance-xor, 802.3ad and balance-tlb looks at'),
  lacp_rate: z
    .enum(['slow', 'fast'])
    .optional()
    .describe('In mode 802.3ad: ask the partner for LACP every 30 seconds, or every second'),
  ad_select: z
    .enum(['stable', 'bandwidth', 'count'])
    .optional()
    .describe('In mode 802.3ad: what makes it change to another aggregate'),
  min_links: z
    .int()
    .min(0)
    .optional()
    .describe('In mode 802.3ad: members that must be in use for the bond to have carrier'),
  all_slaves_active: z
    .boolean()
    .default(false)
    .describe('Take what comes in by members that are not in use, too'),
  mac: macField.optional(),
  duplicate: duplicateField,
  mtu: mtuField.optional().describe('MTU of the bond, which gives it to its members'),
});
export type BondSpec = z.output<typeof fields>;

/** Does it ask by ARP whether its members are alive? */
export const asksByArp = ({ arp_interval: interval = 0 }: BondSpec): boolean => interval > 0;

/** Modes whose members are watched by their carrier alone (drivers/net/bonding/bond_options.c, bond_mode_uses_arp). */
const NEEDS_CARRIER: readonly string[] = ['802.3ad', 'balance-tlb', 'balance-alb'];

/** What the kernel would refuse, or take without a word and not do. */
export const bondSchema = fields
  .refine(({ primary, members }) => primary === undefined || members.includes(primary), {
    path: ['primary'],
    error: 'write one of `members`',
  })
  .refine((spec) => asksByArp(spec) === (spec.arp_ip_target !== undefined), {
    path: ['arp_ip_target'],
    error: 'write `arp_interval` and `arp_ip_target` together',
  })
  .refine((spec) => !asksByArp(spec) || (spec.miimon ?? 0) === 0, {
    path: ['miimon'],
    error: 'leave it out beside `arp_interval`: members are watched in one of the two ways',
  })
  .refine((spec) => !asksByArp(spec) || !NEEDS_CARRIER.includes(spec.mode), {
    path: ['arp_interval'],
    error: 'leave it out: this mode watches the carrier of its members',
  });

/** How often it looks at the carrier of its members; the kernel does that or asks by ARP, not both. */
export const watchesBy = (spec: BondSpec): number => spec.miimon ?? (asksByArp(spec) ? 0 : 100);

/** Its settings in the words of ip-link(8). What is usual is left out, but for what depends on something else. */
export function bondOptions(spec: BondSpec): Readonly<Record<string, string>> {
  const { mode, arp_ip_target: targets, all_slaves_active: allActive } = spec;
  const written = ['updelay', 'downdelay', 'arp_interval', 'arp_validate'] as const;
  const more = ['primary_reselect', 'lacp_rate', 'ad_select', 'min_links'] as const;
  return {
    mode,
    ...(watchesBy(spec) > 0 && { miimon: String(watchesBy(spec)) }),
    ...Object.fromEntries(
      [...written, ...more].flatMap((name) => {
        const value = spec[name];
        return value === undefined ? [] : [[name, String(value)]];
      }),
    ),
    ...(targets && { arp_ip_target: targets.join(',') }),
    ...(spec.fail_over_mac !== 'none' && { fail_over_mac: spec.fail_over_mac }),
    ...(spec.xmit_hash_policy !== 'layer2' && { xmit_hash_policy: spec.xmit_hash_policy }),
    ...(allActive && { all_slaves_active: '1' }),
  };
}
