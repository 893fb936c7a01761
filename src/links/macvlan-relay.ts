import { bridgeSettings } from '../devices/bridge-model.js';
import { bridgePort, plainBridge } from '../devices/bridge-options.js';
import { bridgeOnHost, makeBridge, plugIntoBridge } from '../devices/bridge-resources.js';
import { hopId } from '../hops/graph.js';
import { portEdge, type Hop, type HopFragment } from '../hops/types.js';
import { deviceName, macAddress } from '../plan/names.js';
import type { Resource } from '../plan/resources/define.js';
import { THIS_HOST, type Lab } from '../topology/lab.js';
import type { VethEnd } from './devices.js';

interface Relay {
  readonly resources: readonly Resource[];
  readonly hops: HopFragment;
}

/**
 * A neighbour that sends back what it gets, as mode vepa expects of a switch: a bridge with one port and hairpin on
 * (IEEE 802.1Q-2018 clause 40, reflective relay).
 * @param port - the device that becomes its port
 * @param mask - reserved group addresses that it reflects
 */
export function makeRelay(lab: Lab, link: string, port: VethEnd, mask: number): Relay {
  const name = deviceName('br', lab.name, link, 'relay');
  const mac = macAddress(lab.name, link, 'relay');
  const spec = { ...plainBridge, group_fwd_mask: mask };
  const own = { ...bridgePort, hairpin: true };
  const hop: Hop = {
    ...{
      id: hopId(THIS_HOST, name),
      kind: 'bridge',
      stack: THIS_HOST,
      where: lab.here,
      device: name,
    },
    label: `${link} relay`,
    settings: bridgeSettings(mac, spec, [[port.hop, own]]),
  };
  const made = bridgeOnHost(lab, { device: name, mac, label: hop.label, spec });
  return {
    resources: [
      makeBridge(made, `${link}: bridge that reflects`),
      ...plugIntoBridge(made, port, own, `${link}: send back what comes by ${port.device}`),
    ],
    hops: { hops: [hop], edges: [portEdge(port.hop, hop.id)] },
  };
}
