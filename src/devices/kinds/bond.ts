import { z } from 'zod';
import { BOND_MODES, HASH_POLICIES, isAdaptive, type BondSettings } from '../../hops/bonding.js';
import { portEdge, type HopSettings } from '../../hops/types.js';
import { bond as bondResource } from '../../plan/resources/kinds/bond.js';
import { member, membership } from '../../plan/resources/kinds/member.js';
import { duplicateField, localDevice, macField, mtuField } from '../../topology/fields.js';
import { defineDevice, type DeviceContext } from '../define.js';
import { parseLocal } from '../local.js';

const milliseconds = z.int().min(0).max(2_147_483_647);

const schema = z.strictObject({
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
      'The member that is used while it is alive, in the modes that use one at a time; the first that came up when left out',
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
type Spec = z.output<typeof schema>;

/** The member that is used first. */
const firstOf = ({ primary, members }: Spec): string => primary ?? members[0] ?? '';

/** Does it leave members the MACs that they have? */
const leavesMacs = ({ mode, fail_over_mac: failOver }: Spec): boolean =>
  isAdaptive(mode) || (mode === 'active-backup' && failOver === 'active');

const follows = (spec: Spec): boolean => leavesMacs(spec) && !isAdaptive(spec.mode);

const macOf = (spec: Spec, context: DeviceContext): string =>
  context.mac(parseLocal(follows(spec) ? firstOf(spec) : spec.name));

const asks = ({ arp_interval: interval = 0 }: Spec): boolean => interval > 0;

/** How often it looks at the carrier of its members; the kernel does that or asks by ARP, not both. */
const watchesBy = (spec: Spec): number => spec.miimon ?? (asks(spec) ? 0 : 100);

/** In the words of ip-link(8). What is usual is left out, but for what depends on something else. */
function optionsOf(spec: Spec): Readonly<Record<string, string>> {
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

/** A bond inside a node: drivers/net/bonding, ip-link(8) `type bond`. */
export const bond = defineDevice({
  kind: 'bond',
  title: 'Bond in a node',
  doc: `Several devices that stand in for each other, with one MAC and one IP. Which of them sends and which may receive is a
matter of \`mode\`. A device goes down for a moment to join. Programs that listen on a member itself (LLDP) hear what comes there, in use or not.
In mode 802.3ad both sides speak LACP, and use what they have agreed on a few seconds after they came up; NICs of guests are told that they are full duplex.`,
  example: `{ kind: bond, name: bond0, mode: active-backup, members: [eth1, eth2] }`,
  schema,
  kernelKind: 'bond',
  makes: (spec) => [{ ...parseLocal(spec.name), path: ['name'], mac: spec.mac }],
  takes: (spec) =>
    spec.members.map((port, index) => ({ ...parseLocal(port), path: ['members', index] })),
  plan(spec, context) {
    const self = parseLocal(spec.name);
    const { stack, ...place } = context.inside(self.namespace);
    const hop = context.hopId(self);
    return [
      bondResource.of({
        ...place,
        id: `bond ${hop}`,
        wanted: {
          ...{ device: self.name, mac: macOf(spec, context) },
          ...(spec.mtu !== undefined && { mtu: spec.mtu }),
          options: optionsOf(spec),
          ...(follows(spec) && { follows: true }),
        },
        makes: [hop],
        in: [stack],
        why: `bond ${spec.name}`,
      }),
      ...spec.members.map((text) => {
        const port = parseLocal(text);
        const needsDuplex = spec.mode === '802.3ad' && context.isNic(port);
        return member.of({
          ...place,
          id: `bond ${hop} ${port.name}`,
          wanted: {
            ...{ device: port.name, master: self.name, joinsDown: true },
            ...(spec.primary === text && { isPrimary: true }),
            ...(needsDuplex && { setsDuplex: true }),
          },
          makes: [membership(context.hopId(port))],
          in: [hop, context.hopId(port)],
          why: `${text} is a member of ${spec.name}`,
        });
      }),
    ];
  },
  hops(spec, context) {
    const self = parseLocal(spec.name);
    const idOf = (text: string): string => context.hopId(parseLocal(text));
    const members = spec.members.map(idOf);
    const [mac, mtu] = [macOf(spec, context), spec.mtu ?? 1500];
    const settings: BondSettings = {
      ...{ mac, mtu, mode: spec.mode, policy: spec.xmit_hash_policy, members },
      primary: spec.primary === undefined ? undefined : idOf(spec.primary),
      ...{ watches: watchesBy(spec) > 0 || asks(spec), asks: asks(spec) },
      allActive: spec.all_slaves_active,
    };
    const hop = context.hop(self, 'bond', settings);
    const amended = (id: string): HopSettings => ({
      ...(leavesMacs(spec) && id !== idOf(firstOf(spec)) ? {} : { mac }),
      mtu,
    });
    return {
      hops: [hop],
      edges: members.map((id) => portEdge(id, hop.id)),
      amends: Object.fromEntries(members.map((id) => [id, amended(id)])),
    };
  },
});
