import { BROADCAST, drop, isGroup } from '../rules.js';
import { PASS, type HopKind } from '../types.js';

/**
 * A macvtap on a lower device. Outwards everything leaves (macvlan_start_xmit). Inwards
 * (macvlan_handle_frame) the destination decides: group addresses go through a 256-bit hash filter
 * (macvlan_multicast_rx and mc_filter), unicast is looked up by the macvlan's own MAC, except in passthru mode.
 */
export const macvtap: HopKind = {
  kind: 'macvtap',
  doc: 'A macvtap: lets everything out, and in only what is for its own MAC, broadcast, or multicast that it was told to take.',
  observable: () => true,
  forward({ hop, from }, frame) {
    const { mode, lower, mac, allmulticast, promisc, trustGuestRxFilters } = hop.settings;
    if (from?.id !== lower || frame.dst === BROADCAST) return PASS;
    if (isGroup(frame.dst)) {
      if (allmulticast === true || promisc === true || trustGuestRxFilters === true) return PASS;
      return drop(
        `The macvtap filters multicast: ${frame.dst} is not among the group addresses that its device on the host subscribed to, whatever the guest listens for. (The filter is a hash salted per device, so about one device in a hundred lets a class through by luck.)`,
        'Set `allmulticast: true` on the link (`ip link set dev MACVTAP allmulticast on`).',
        'Linux drivers/net/macvlan.c: macvlan_handle_frame, macvlan_broadcast, mc_hash; ip-link(8) allmulticast',
      );
    }
    if (mode === 'passthru' || frame.dst === mac) return PASS;
    return drop(
      `A macvtap in mode ${mode} delivers unicast only for its own MAC (${mac}); this frame is for ${frame.dst}, something behind the guest's port, and promiscuous mode does not change that.`,
      'Use `mode: passthru`, which hands every frame to the one guest on the lower device, or `kind: ovs-panel`.',
      'Linux drivers/net/macvlan.c: macvlan_handle_frame looks the destination up with macvlan_hash_lookup unless the port is in passthru mode',
    );
  },
};
