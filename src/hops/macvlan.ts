import { BROADCAST, isAllHosts, isGroup } from '../frames/mac.js';
import { chance, drop } from './outcome.js';
import { ETHER_TYPES, type Frame } from '../frames/frame.js';
import { PASS, type Cause, type Forwarding, type Hop, type HopSettings } from './types.js';

/** What macvlan and macvtap have in common: drivers/net/macvlan.c. */

const CODE = 'Linux drivers/net/macvlan.c';

/**
 * A device takes what hashes to the same of 256 bits as a group that it is in: broadcast, 224.0.0.1 and ff02::1
 * at the least. The hash is salted with the address of the device in the kernel's memory. The port has a filter
 * of its own, which is not salted, but it is open where the lower device is promiscuous: a veth always is, since it
 * cannot filter unicast (net/core/dev.c, __dev_set_rx_mode).
 */
const LUCK = 3 / 256;

/** A macvlan or macvtap, as the model reads it: ip-link(8) `type macvlan`. */
export interface MacvlanSettings extends HopSettings {
  readonly mode: 'vepa' | 'bridge' | 'private' | 'passthru' | 'source';
  /** In mode source: the MACs that it takes frames from. */
  readonly sources?: readonly string[];
  /** libvirt copies the filter of the guest's NIC to it. */
  readonly trustGuestRxFilters?: boolean;
}

const luck = (device: Hop, frame: Frame): Cause => ({
  reason: `The ${device.kind} filters multicast: it has not joined ${frame.dst} and drops it, unless the group happens to share one of the filter's 256 bits with a group that it is in. The hash is salted with the device's address in memory: about one device in a hundred lets the class through, and it does so until it is made anew.`,
  remedy:
    'Set `allmulticast: true` on the link (`ip link set dev DEVICE allmulticast on`), so that nothing is left to chance.',
  source: `${CODE}: macvlan_handle_frame, macvlan_broadcast, mc_hash, macvlan_hash_mix, macvlan_compute_filter; ip-link(8) allmulticast`,
});

/**
 * Does a device take a frame for a group?
 * @param joined - has whoever is behind the device joined the group so that the device knows of it?
 */
function takesGroup(device: Hop, frame: Frame, joined: boolean): Forwarding {
  if (frame.etherType === ETHER_TYPES.macControl)
    return drop(
      'A macvlan or macvtap hands up no PAUSE frame that goes to a group.',
      'Use a veth, `ovs-panel` or `udp` link.',
      `${CODE}: macvlan_broadcast returns at ETH_P_PAUSE; IEEE 802.3 annex 31B`,
    );
  const { allmulticast, promisc } = device.settings;
  if (allmulticast === true || promisc === true || joined) return PASS;
  if (frame.dst === BROADCAST || isAllHosts(frame.dst)) return PASS;
  return chance(LUCK, luck(device, frame));
}

/** Does a device in mode `source` take a frame from the wire? It asks for the sender alone. */
function takesSource(device: Hop<MacvlanSettings>, { src }: Frame): Forwarding {
  const { sources = [] } = device.settings;
  if (sources.includes(src)) return PASS;
  return drop(
    `${device.label} is in mode source and takes only what comes from ${sources.join(', ') || 'the addresses of its list, which is empty'}; this frame comes from ${src}.`,
    `Add ${src} to \`sources\`, or use another mode.`,
    `${CODE}: macvlan_forward_source; ip-link(8) macvlan mode source`,
  );
}

/** Does a device take a unicast frame from the wire? */
function takesUnicast(device: Hop<MacvlanSettings>, { dst }: Frame): Forwarding {
  const { mode, mac } = device.settings;
  if (mode === 'passthru' || dst === mac) return PASS;
  return drop(
    `A ${device.kind} in mode ${mode} delivers unicast only for its own MAC (${mac}); this frame is for ${dst}, something behind that port, and promiscuous mode does not change that.`,
    'Use `mode: passthru`, which hands every frame to the one device on the lower device, or `kind: ovs-panel`.',
    `${CODE}: macvlan_handle_frame looks the destination up with macvlan_hash_lookup unless the port is in passthru mode`,
  );
}

/** What comes in from the wire. */
export function takes(device: Hop<MacvlanSettings>, frame: Frame, joined: boolean): Forwarding {
  if (device.settings.mode === 'source') return takesSource(device, frame);
  return isGroup(frame.dst) ? takesGroup(device, frame, joined) : takesUnicast(device, frame);
}

/** Is a unicast frame that the lower device has received for this device alone? (macvlan_handle_frame) */
export const claims = (
  { settings: { mode, mac } }: Hop<MacvlanSettings>,
  { dst }: Frame,
): boolean => !isGroup(dst) && (mode === 'passthru' || (mode !== 'source' && dst === mac));

/** The settings of a device that let in more than it takes by itself, each with the settings without it. */
export const permitsOf = ({
  settings,
}: Hop<MacvlanSettings>): readonly (readonly [string, MacvlanSettings])[] => [
  ...(settings.mode === 'passthru'
    ? [['mode: passthru', { ...settings, mode: 'vepa' }] as const]
    : []),
  ...(['allmulticast', 'promisc', 'trustGuestRxFilters'] as const).flatMap((name) =>
    settings[name] === true ? [[`${name}: true`, { ...settings, [name]: false }] as const] : [],
  ),
];
