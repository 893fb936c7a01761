import { wireEdge, type HopFragment } from '../hops/types.js';
import type { Requirement } from '../plan/step.js';
import type { Resource } from '../plan/resources/define.js';
import type { Lab, LinkEnd } from '../topology/lab.js';
import type { Attachment } from './define.js';
import { hostDevice, hostTap, nodePort, vethPair, type HostDevice } from './devices.js';

/** A port of a switch on the host, with what it is made of and what the node gets. */
export interface SwitchPort {
  readonly device: HostDevice;
  readonly resource: Resource;
  readonly attachment: Attachment;
  readonly hops: HopFragment;
}

/**
 * Plug an end into a switch of the host: a tap for a guest, a veth pair for a namespace.
 * @param offload - may the guest leave its checksums to the devices on the way?
 * @param down - the ends whose device stays down
 */
export function switchPort(
  lab: Lab,
  end: LinkEnd,
  offload: boolean,
  down: readonly string[] = [],
): SwitchPort {
  const guest = end.via === 'tap';
  const settings = down.includes(end.port.ref) ? { down: true } : {};
  const device = hostDevice(lab, end, guest ? 'tap' : 'veth', settings);
  const why = `${end.port.ref}: its ${guest ? 'tap' : 'veth'} on the host`;
  return {
    device,
    resource: guest ? hostTap(lab, device, why) : vethPair(lab, device, nodePort(end), why),
    attachment: guest ? { via: 'tap', device: device.device, offload } : { via: 'netdev' },
    hops: { hops: [device.detail], edges: [wireEdge(nodePort(end).hop, device.hop)] },
  };
}

/** What the host must have for the ports of a switch. */
export const switchPortRequirements = (ends: readonly LinkEnd[]): readonly Requirement[] => [
  ...(ends.some(({ via }) => via === 'netdev') ? [{ check: 'kernel-kind', arg: 'veth' }] : []),
  ...(ends.some(({ via }) => via === 'tap') ? [{ check: 'device-nodes' }] : []),
];
