import {
  PLAIN_BRIDGE,
  PLAIN_PORT,
  portOf,
  ROUTERS,
  type BridgeSettings,
} from './bridge-settings.js';
import { vlansOf } from './bridge-vlan.js';
import type { DeviceState } from './device.js';
import type { Hop } from './types.js';

/** Settings of a bridge and of its ports, as the kernel tells them: ip-link(8) `-d -j`, bridge(8) `vlan`. */
export function bridgeAsRead(
  hop: Hop<BridgeSettings>,
  { linkinfo }: DeviceState,
  ports: ReadonlyMap<string, DeviceState>,
): Partial<BridgeSettings> {
  const data = linkinfo?.info_data;
  const read = [...ports].map(([id, port]) => {
    const slave = port.linkinfo?.info_slave_data ?? {};
    const { macs, ...planned } = portOf(hop, { id });
    const found = {
      ...(slave.locked === true && { macs: macs ?? [] }),
      mask: Number(slave.group_fwd_mask),
      isolated: slave.isolated === true,
      learning: slave.learning !== false,
      floods: {
        unicast: slave.flood !== false,
        multicast: slave.mcast_flood !== false,
        broadcast: slave.bcast_flood !== false,
      },
      ...(port.vlans && vlansOf(port.vlans)),
      ...{ guard: slave.guard === true, rootBlock: slave.root_block === true },
      suppressesNeighbours: slave.neigh_suppress === true,
      router: ROUTERS[Number(slave.multicast_router ?? 1)] ?? 'auto',
      priority: Number(slave.priority ?? PLAIN_PORT.priority),
    };
    return [id, { ...planned, ...found }] as const;
  });
  return {
    mask: Number(data?.group_fwd_mask ?? 0),
    stp: data?.stp_state === 1,
    snooping: data?.mcast_snooping === 1,
    querier: data?.mcast_querier === 1,
    priority: Number(data?.priority ?? PLAIN_BRIDGE.priority),
    vlan_filtering: data?.vlan_filtering === 1,
    ports: { ...hop.settings.ports, ...Object.fromEntries(read) },
  };
}
