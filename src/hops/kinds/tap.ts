import { isDown } from '../limits.js';
import { PASS, type HopKind } from '../types.js';

/** A tap that QEMU has open: drivers/net/tun.c. It checks no length: tun_get_user and tun_net_xmit take what fits into memory. */
export const tap: HopKind = {
  kind: 'tap',
  doc: "The host's side of a guest's NIC. It hands on every frame, whatever its size, while it is up.",
  drops: ['everything while it is down: what the guest sends is refused (tun_get_user, EIO)'],
  // 10 Gbit/s: net/bridge/br_if.c, port_cost.
  pathCost: 2,
  observable: ({ hop }) => hop.settings.down !== true,
  forward: ({ hop }) => isDown(hop) ?? PASS,
};
