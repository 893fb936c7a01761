import {
  PLAIN_BRIDGE,
  PLAIN_PORT,
  type BridgePort,
  type BridgeSettings,
} from '../hops/bridge-settings.js';
import { entrySettings } from './bridge-entries.js';
import { maskOf, taggedOf, type BridgePortSpec, type BridgeSpec } from './bridge-options.js';

/**
 * What the model reads of a bridge. `ports` are its ports by the id of their hop.
 * @param hasIpv6 - does its own device get an IPv6 address?
 */
export function bridgeSettings(
  mac: string,
  spec: BridgeSpec,
  ports: readonly (readonly [id: string, port: BridgePortSpec])[],
  hasIpv6 = false,
): BridgeSettings {
  const { stp, priority, snooping, querier, vlan_filtering, mtu } = spec;
  return {
    ...{ ...PLAIN_BRIDGE, hasIpv6 },
    ...{ mac, stp, priority, snooping, querier, vlan_filtering, mask: spec.bridge_group_fwd_mask },
    ...(mtu !== undefined && { mtu }),
    ports: Object.fromEntries(ports.map(([id, port]) => [id, portSettings(spec, port)])),
  };
}

const portSettings = (spec: BridgeSpec, port: BridgePortSpec): BridgePort => ({
  ...PLAIN_PORT,
  mask: maskOf(spec, port),
  isolated: port.isolated,
  hairpin: port.hairpin,
  priority: port.priority,
  ...(port.cost !== undefined && { cost: port.cost }),
  learning: port.learning,
  floods: { unicast: port.flood, multicast: port.mcast_flood, broadcast: port.bcast_flood },
  ...(port.macs && { macs: port.macs }),
  ...{ guard: port.guard, rootBlock: port.root_block, router: port.mcast_router },
  suppressesNeighbours: port.neigh_suppress,
  ...entrySettings(port),
  pvid: port.pvid,
  tagged: taggedOf(port),
});
