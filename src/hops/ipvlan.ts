import { BROADCAST, isAllHosts, isGroup } from '../frames/mac.js';
import { ETHER_TYPES, type Frame } from '../frames/frame.js';
import { includes } from './onward.js';
import { chance, drop } from './outcome.js';
import { PASS, type Forwarding, type Hop, type HopSettings, type Place } from './types.js';

/** What an ipvlan does: drivers/net/ipvlan/ipvlan_core.c. All on one lower device have its MAC; addresses tell them apart. */

const CODE = 'Linux drivers/net/ipvlan/ipvlan_core.c';

/** An ipvlan, as the model reads it: ip-link(8) `type ipvlan`. */
export interface IpvlanSettings extends HopSettings {
  readonly mode: 'l2' | 'l3' | 'l3s';
  readonly flag: 'bridge' | 'private' | 'vepa';
  /** IP addresses of its own. */
  readonly addresses: readonly string[];
  /** Those of the device below. */
  readonly below: readonly string[];
}

type Ipvlan = Hop<IpvlanSettings>;

/** The address that a frame is for, where one is read: of neighbour discovery the solicitation alone (ipvlan_get_L3_hdr). */
const targetOf = ({ arp, ipv4, ipv6, icmp6 }: Frame): string | undefined =>
  arp?.targetIp ??
  ipv4?.dst ??
  (icmp6?.kind === 'neighbor-solicitation' ? icmp6.target : ipv6?.dst);

const sourceOf = ({ arp, ipv4, ipv6 }: Frame): string | undefined =>
  arp?.senderIp ?? ipv4?.src ?? ipv6?.src;

const has = ({ settings }: Hop, address: string | undefined): boolean =>
  address !== undefined &&
  (settings as Partial<IpvlanSettings>).addresses?.includes(address) === true;

/** Is a frame that the lower device has received for this one alone? (ipvlan_handle_frame) */
export const claims = (hop: Ipvlan, frame: Frame): boolean => {
  const { mode } = hop.settings;
  if (mode === 'l3s' && frame.arp) return false;
  return has(hop, targetOf(frame)) && (mode !== 'l2' || !isGroup(frame.dst));
};

/** To whom the lower device hands what one of them sends. (ipvlan_queue_xmit) */
export function leaves(
  { uppers }: Place,
  from: Ipvlan,
  frame: Frame,
  out: readonly (Hop | undefined)[],
): readonly (Hop | undefined)[] {
  const { mode, flag, below } = from.settings;
  const others = uppers.filter(({ id }) => id !== from.id);
  const owner = others.find((other) => has(other, targetOf(frame)));
  const isLocal = flag !== 'vepa' && (mode !== 'l2' || frame.dst === frame.src);
  if (mode === 'l2' && isGroup(frame.dst)) return [...out, ...others];
  if (isLocal && owner) return [owner];
  // What is for the MAC that all have and for none of them is for the lower device itself.
  const isBelow = mode === 'l2' ? isLocal : below.includes(targetOf(frame) ?? '');
  return isBelow ? [undefined] : out;
}

/** How the lower device hands one a frame. */
export function fromLower(
  { hop: lower, uppers }: Place,
  from: Hop,
  to: Ipvlan,
  frame: Frame,
): Forwarding | undefined {
  const { mode, flag } = to.settings;
  const isSibling = includes(uppers, from);
  if (mode === 'l2' && isGroup(frame.dst)) {
    const isOwn =
      frame.src === lower.settings.mac && uppers.some((one) => has(one, sourceOf(frame)));
    if (isSibling || !isOwn) return undefined;
    return drop(
      `The frame comes back to ${lower.label}, from which it was sent: devices on it have had it then.`,
      'Nothing is to be done: it is not lost.',
      `${CODE}: ipvlan_external_frame`,
    );
  }
  if (!has(to, targetOf(frame)))
    return drop(
      `${to.label} has the MAC of ${lower.label}, and takes only what is for an IP address of its own${mode === 'l2' ? ', or for a group' : ''}; this frame is for ${targetOf(frame) ?? 'no IP address'}.`,
      `Send it to an address of ${to.label}, or use a macvlan, which has a MAC of its own.`,
      `${CODE}: ipvlan_handle_frame, ipvlan_addr_lookup`,
    );
  if (!isSibling || flag !== 'private') return PASS;
  return drop(
    `${to.label} and ${from.label} are on one lower device, ${lower.label}, with the flag private: they hand each other no packets.`,
    'Use the flag `bridge`.',
    `${CODE}: ipvlan_xmit_mode_l2, ipvlan_xmit_mode_l3 (ipvlan_is_private); ip-link(8) ipvlan private`,
  );
}

/** 256 bits, of which broadcast, 224.0.0.1 and ff02::1 set three (ipvlan_main.c, ipvlan_set_multicast_mac_filter). */
const LUCK = 3 / 256;

/** Does one take what its lower device has handed to it? */
export function takes(device: Ipvlan, frame: Frame): Forwarding {
  const { allmulticast, promisc } = device.settings;
  if (!isGroup(frame.dst)) return PASS;
  if (allmulticast === true || promisc === true || frame.joined === true) return PASS;
  if (frame.dst === BROADCAST || isAllHosts(frame.dst)) return PASS;
  return chance(LUCK, {
    reason: `${device.label} filters multicast: it has not joined ${frame.dst} and drops it, unless the group happens to share one of the filter's 256 bits with a group that it is in. The hash is salted once for each boot of the kernel.`,
    remedy: 'Set `allmulticast: true`, so that nothing is left to chance.',
    source: `${CODE}: ipvlan_process_multicast, ipvlan_mac_hash`,
  });
}

/** What an ipvlan in mode l3 or l3s sends is routed by the stack of the lower device: IP to one receiver, nothing else. */
export function routable({ label, settings: { mode } }: Ipvlan, frame: Frame): Forwarding {
  if (mode === 'l2') return PASS;
  const isIp = frame.etherType === ETHER_TYPES.ipv4 || frame.etherType === ETHER_TYPES.ipv6;
  if (isIp && !isGroup(frame.dst)) return PASS;
  return drop(
    `${label} is in mode ${mode}, where packets are routed by the stack of the lower device: it sends ${isIp ? 'neither broadcast nor multicast' : 'nothing but IP'}.`,
    'Use mode l2, or a macvlan.',
    `${CODE}: ipvlan_process_outbound`,
  );
}
