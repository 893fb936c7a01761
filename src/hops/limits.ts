import { drop } from './outcome.js';
import type { Frame } from '../frames/frame.js';
import type { CarrierSource } from './carrier-source.js';
import type { Forwarding, Hop, Place } from './types.js';

/** What MTUs and devices that are down do to frames, alike for several kinds of devices. */

/** Octets of addresses and type (IEEE 802.3, 3.1.1; linux/if_ether.h ETH_HLEN). */
const HEADER = 14;
/** Octets of an 802.1Q tag (linux/if_vlan.h VLAN_HLEN). */
const TAG = 4;

/** Octets of payload that a device takes: its MTU. */
export const mtuOf = ({ settings }: Hop): number => settings.mtu ?? 1500;

/** Octets of a frame without its checksum. */
export const lengthOf = ({ vlans, tagAside, payload = 0 }: Frame): number =>
  HEADER + TAG * (vlans.length - (vlans.length > 0 && tagAside === true ? 1 : 0)) + payload;

/** A frame as Linux has it after it was received: its tag is beside it. */
export const untagged = (frame: Frame): Frame =>
  frame.vlans.length === 0 ? frame : { ...frame, tagAside: true };

/**
 * A device that is handed a frame by another takes MTU, header and a tag, whether there is one or not: a frame
 * without a tag may be four octets too long. Nothing when it fits. (include/linux/netdevice.h, __is_skb_forwardable)
 */
export function tooLongToHandOver(frame: Frame, device: Hop, source: string) {
  const [length, most] = [lengthOf(frame), mtuOf(device) + HEADER + TAG];
  if (length <= most) return undefined;
  return drop(
    `The frame has ${length} octets${frame.tagAside === true ? ' without its tag' : ''}, and ${device.label} takes ${most}: its MTU of ${mtuOf(device)}, the header and room for one tag.`,
    `Raise the MTU of ${device.label} (and of everything on the way) to ${frame.payload ?? 0}, or send smaller packets.`,
    `${source}; include/linux/netdevice.h: __is_skb_forwardable`,
  );
}

/**
 * A socket sends no packet beyond the MTU of its device; a tag comes on top. Nothing when it fits.
 * (net/packet/af_packet.c, packet_snd; IP fragments before)
 */
export function tooLongToSend({ payload = 0 }: Frame, device: Hop): Forwarding | undefined {
  if (payload <= mtuOf(device)) return undefined;
  return drop(
    `The packet has ${payload} octets, and ${device.label} sends none beyond its MTU of ${mtuOf(device)}.`,
    `Raise the MTU of ${device.label} to ${payload}.`,
    'Linux net/packet/af_packet.c: packet_snd (EMSGSIZE); packet(7)',
  );
}

/** Why a device does not hand on what it is given, whatever its kind: it is down, or what its stack sends is too long for it. */
export const refusesToSend = (
  { hop, from }: { readonly hop: Hop; readonly from: Hop | undefined },
  frame: Frame,
): Forwarding | undefined => isDown(hop) ?? (from ? undefined : tooLongToSend(frame, hop));

/** What cuts a cable, and what mends it. */
export const cutBy = (label: string, link: string): ReturnType<typeof drop> =>
  drop(
    `${label} has no carrier: the link ${link} is cut.`,
    `Plug it: \`patchlab plug ${link}\`.`,
    'Linux net/sched/sch_generic.c: dev_deactivate leaves the noop queue; netdevice(7) IFF_RUNNING',
  );

/** A device that is down neither sends nor receives. Nothing when it is up. */
export function isDown({ label, settings }: Hop): ReturnType<typeof drop> | undefined {
  if (settings.down !== true) return undefined;
  if (settings.cut !== undefined) return cutBy(label, settings.cut);
  return drop(
    `${label} is down: it neither sends nor receives.`,
    'Bring it up: take the end out of `down` on the link.',
    'Linux net/core/dev.c: a device without IFF_UP has no queue to send from, and its driver hands up nothing; netdevice(7) IFF_UP',
  );
}

/** A device on top of another one has carrier with that one: net/core/dev.c, netif_stacked_transfer_operstate. */
export const carrierBelow = ({ lowers }: Place): CarrierSource => ({
  ...{ from: lowers, needs: 'carrier' },
});

/** A veth whose peer is down has no carrier. Nothing when the peer is up. */
export function hasNoCarrier({ label }: Hop, peer: Hop): Forwarding | undefined {
  if (peer.settings.down !== true) return undefined;
  if (peer.settings.cut !== undefined) return cutBy(label, peer.settings.cut);
  return drop(
    `${label} has no carrier, because its peer ${peer.label} is down: what it is given to send is thrown away before any capture sees it.`,
    'Bring the peer up: take that end out of `down` on the link.',
    'Linux drivers/net/veth.c: veth_close takes the carrier of both ends; net/sched/sch_generic.c: dev_deactivate leaves the noop queue',
  );
}
