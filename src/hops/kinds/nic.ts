import { hasFlag } from '../device.js';
import { cutBy, tooLongToSend } from '../limits.js';
import { BROADCAST, isAllHosts, isGroup } from '../../frames/mac.js';
import { drop } from '../outcome.js';
import { TAG_TYPES, type Frame } from '../../frames/frame.js';
import { comesIn } from '../onward.js';
import { PASS, type Crossing, type Forwarding, type Hop, type HopKind } from '../types.js';

const CODE =
  'QEMU hw/net/virtio-net.c: receive_filter; Linux drivers/net/virtio_net.c: virtnet_set_rx_mode; VIRTIO 1.2, 5.1.6.5.1 (packet receive filtering)';

/** QEMU hands on nothing of a NIC whose link is down, either way (net/net.c: qemu_send_packet_async). */
const isCut = ({ label, settings: { cut } }: Hop) =>
  cut === undefined ? undefined : cutBy(label, cut);

/** What the NIC keeps from a guest that did not ask for it, for itself or for a device on top of it. */
function filter(
  { hop: { label, settings }, place: { uppers } }: Crossing,
  frame: Frame,
): Forwarding {
  const { dst, vlans } = frame;
  const askers = [settings, ...uppers.map((upper) => upper.settings)];
  if (askers.some(({ promisc }) => promisc === true)) return PASS;
  const vlan = vlans[0]?.tpid === TAG_TYPES['802.1Q'] ? vlans[0].id : undefined;
  if (vlan !== undefined && !askers.some(({ tag }) => tag?.id === vlan))
    return drop(
      `${label} drops frames with the tag of VLAN ${vlan}: the guest has no VLAN device of that number on its NIC, and the NIC filters by a table.`,
      `Make the port a member of a bridge in the guest, or add a VLAN device ${vlan} on it.`,
      `${CODE}; 5.1.6.5.3 (VLAN filtering)`,
    );
  if (dst === BROADCAST) return PASS;
  if (isGroup(dst)) {
    if (frame.joined === true || isAllHosts(dst)) return PASS;
    if (askers.some(({ allmulticast }) => allmulticast === true)) return PASS;
    return drop(
      `${label} has not joined the group ${dst}: QEMU's NIC drops it before the guest, or a capture in it, sees it.`,
      'Let a program in the guest join the group (`ip maddr add`), or make the port a member of a bridge in the guest.',
      CODE,
    );
  }
  if (askers.some(({ mac }) => mac === dst)) return PASS;
  return drop(
    `${label} takes unicast only for its own MAC (${settings.mac}): QEMU's NIC drops what is for ${dst} before the guest, or a capture in it, sees it.`,
    'Make the port a member of a bridge in the guest, which puts the NIC into promiscuous mode.',
    CODE,
  );
}

/**
 * A virtio NIC of QEMU, seen from inside the guest. Its filter is in QEMU, before anything that a capture in the
 * guest could see: the last hop that sees what it drops is the device on the host.
 */
export const nic: HopKind = {
  kind: 'nic',
  doc: "A guest's virtio NIC: what the guest itself sees. QEMU filters for it what comes in, before a capture in the guest could see it; a NIC that is a port of a bridge in the guest takes everything.",
  drops: [
    'everything while its cable is pulled',
    'unicast for another MAC, unless promiscuous',
    'groups that the guest has not joined, unless promiscuous',
    'frames with a tag, unless promiscuous or there is a VLAN device with that number',
    'what a program sends beyond its MTU',
  ],
  observable: () => true,
  carrier: ({ hop }) => {
    const without = isCut(hop);
    return without && { from: [], needs: 'carrier', isLost: true, without };
  },
  forward: (crossing, frame) =>
    isCut(crossing.hop) ??
    (comesIn(crossing)
      ? filter(crossing, frame)
      : ((crossing.from ? undefined : tooLongToSend(frame, crossing.hop)) ?? PASS)),
  // A bridge makes its ports promiscuous without the flag.
  actual: (_, device) => ({
    allmulticast: hasFlag(device, 'ALLMULTI'),
    promisc: hasFlag(device, 'PROMISC') || device.master !== undefined,
  }),
};
