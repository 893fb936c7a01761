import { isGroup, reservedNumber } from '../frames/mac.js';
import type { Frame } from '../frames/frame.js';
import { namesOf, type BundleSettings } from './bundle-way.js';
import { drop } from './outcome.js';
import { PASS, type Cause, type Forwarding, type Hop } from './types.js';

/** What a bond does with frames, mode by mode: Linux drivers/net/bonding. */

const CODE = 'Linux drivers/net/bonding/bond_main.c';
const DOC = 'Documentation/networking/bonding.rst';

/** The modes of a bond, in the order of their numbers. */
export const BOND_MODES = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
] as const;
export type BondMode = (typeof BOND_MODES)[number];

/** What decides by which member a frame leaves, where a hash does. */
export const HASH_POLICIES = [
  'layer2',
  'layer2+3',
  'layer3+4',
  'encap2+3',
  'encap3+4',
  'vlan+srcmac',
] as const;
type HashPolicy = (typeof HASH_POLICIES)[number];

/** A bond, as the model reads it. */
export interface BondSettings extends BundleSettings {
  readonly mode: BondMode;
  readonly policy: HashPolicy;
  /** Id of the member that is used while it is alive. */
  readonly primary?: string | undefined;
  /** It looks whether its members are alive. */
  readonly watches: boolean;
  /** It asks by each of them for somebody: ARP monitoring. */
  readonly asks: boolean;
  /** In mode 802.3ad: so many members must be in use for it to have carrier. */
  readonly least: number;
  /** It takes what comes in by members that it does not use, too. */
  readonly allActive: boolean;
}

/** Modes that use one member at a time, as far as receiving goes. */
export const isOne = ({ mode }: BondSettings): boolean =>
  mode === 'active-backup' || isAdaptive(mode);

/** Modes that give some frames to other members, with the address of those. */
export const isAdaptive = (mode: BondMode): boolean =>
  mode === 'balance-tlb' || mode === 'balance-alb';

/** The number of the member that a hash of the addresses gives; nothing where other things decide. (bond_eth_hash, bond_flow_ip) */
export function hashOf(
  { policy }: BondSettings,
  frame: Frame,
  isWritten: boolean,
): number | undefined {
  const { dst, src, etherType, vlans, ipv4, ipv6 } = frame;
  const isPlain = policy === 'layer2' || (HEADERS.includes(policy) && !ipv4 && !ipv6);
  // A tag that a program writes is in the frame; one that a VLAN device gives is beside it.
  const type = isWritten ? (vlans[0]?.tpid ?? etherType) : etherType;
  if (!isPlain || type === undefined) return undefined;
  return lastOctet(dst) ^ lastOctet(src) ^ type;
}

/** Policies that look into IP packets, and of all else at the addresses. */
const HEADERS: readonly string[] = ['layer2+3', 'layer3+4'];

const lastOctet = (mac: string): number => Number.parseInt(mac.slice(-2), 16);

const IGMP = 2;

/** IGMP leaves by one member alone, so that the answers to it come there. (bond_xmit_roundrobin_slave_get) */
export const isIgmp = ({ ipv4 }: Frame): boolean => ipv4?.protocol === IGMP;

/** Does an adaptive mode give a frame to any member? Others leave by the one in use. (bond_alb.c: bond_xmit_tlb_slave_get, bond_xmit_alb_slave_get) */
export function isSpread(mode: BondMode, { dst, arp, ipv4, ipv6 }: Frame): boolean {
  if (isGroup(dst)) return false;
  if (ipv4 ?? ipv6) return !ipv4 || mode === 'balance-tlb' || ipv4.protocol !== IGMP;
  return mode === 'balance-alb' && arp?.op === 'reply';
}

/** What chooses between members, in words, where the file does not say. */
export const choice = ({ label, settings: { mode, policy } }: Hop<BondSettings>): Cause => ({
  reason: `${label} is in mode ${mode} and sends each frame by one of its members: ${WHAT_DECIDES[mode] ?? `a hash by the policy ${policy}`} decides which.`,
  remedy:
    'Use `mode: active-backup`, which sends by one member for certain, or `balance-xor` with the policy `layer2`.',
  source: `${CODE}: __bond_start_xmit; ${DOC}: mode, xmit_hash_policy`,
});

const WHAT_DECIDES: Partial<Record<BondMode, string>> = {
  'balance-rr': 'their turn',
  'balance-tlb': 'what each has sent so far',
  'balance-alb': 'what each has sent so far',
};

/** Why it has no carrier: too few members are in use. */
export const withoutMembers = (
  { label, settings: { least } }: Hop<BondSettings>,
  used: readonly string[],
): Cause => ({
  reason: `${label} uses ${used.length === 0 ? 'none' : used.length} of its members${least > 1 ? `, and \`min_links\` wants ${least}` : ''}: it has no carrier.`,
  remedy: 'Bring more members up, with what is at the other end of their cables.',
  source: `${CODE}: bond_set_carrier; drivers/net/bonding/bond_3ad.c: bond_3ad_set_carrier`,
});

/** What keeps it from sending when no member is alive. */
export const NOBODY = `${CODE}: bond_set_carrier, bond_tx_drop`;

/** LACP is for the driver itself, where it is whole: IEEE 802.1AX-2020, 6.4.2.3. */
export const isLacp = ({ lacp, dst, payload = LACPDU }: Frame): boolean =>
  lacp !== undefined && reservedNumber(dst) === 2 && payload >= LACPDU;
const LACPDU = 110;

/** What a bond does with it. */
export const taken = (label: string): Forwarding =>
  drop(
    `${label} runs LACP (mode 802.3ad) and takes every LACP frame that comes to a member itself.`,
    'Listen on the member, or use another mode.',
    'Linux drivers/net/bonding/bond_3ad.c: bond_3ad_lacpdu_recv',
  );

/** What a bond does with what has come to a member that it does not use. A program that listens on the member itself hears it. */
export function fromUnused(
  { label, settings }: Hop<BondSettings>,
  from: Hop,
  used: readonly string[],
  { dst }: Frame,
): Forwarding {
  const { mode } = settings;
  if (settings.allActive || (mode === 'balance-alb' && !isGroup(dst))) return PASS;
  const others = namesOf(used);
  const why =
    mode === '802.3ad'
      ? 'LACP has not made it part of the aggregate'
      : `in mode ${mode} it is a backup`;
  return drop(
    `${from.label} is a member that ${label} does not use now (it uses ${others || 'none'}): ${why}, and what comes in by it is for programs that listen on ${from.label} itself alone.`,
    others === ''
      ? 'Bring a member up.'
      : `Send it by the cable of ${others}, or set \`all_slaves_active: true\`.`,
    `${CODE}: bond_handle_frame, bond_should_deliver_exact_match; ${DOC}: mode, all_slaves_active`,
  );
}
