import { customerTag, vlanOf, withVlan, type Frame } from '../frames/frame.js';
import { portOf, type BridgePort, type BridgeSettings } from './bridge-settings.js';
import type { DeviceState } from './device.js';
import { drop } from './outcome.js';
import type { Forwarding, Hop } from './types.js';

/** VLAN filtering of a Linux bridge: net/bridge/br_vlan.c, bridge(8) `vlan`. */

/** The VLANs of a port, as they are read back from the kernel: bridge(8) `vlan show`. */
export function vlansOf(
  vlans: NonNullable<DeviceState['vlans']>,
): Pick<BridgePort, 'pvid' | 'tagged'> {
  const pvid = vlans.find(({ flags }) => flags?.includes('PVID'))?.vlan ?? 0;
  const all = vlans.flatMap(({ vlan, vlanEnd = vlan }) =>
    Array.from({ length: vlanEnd - vlan + 1 }, (_, index) => vlan + index),
  );
  return { pvid, tagged: all.filter((vlan) => vlan !== pvid) };
}

const outside = (port: string, vlan: number, way: string, code: string) =>
  drop(
    `The bridge filters VLANs, and ${port} is not in VLAN ${vlan}, in which the frame ${way}.`,
    `Add ${vlan} to the \`vlans\` of that port (or make it its \`pvid\`), or set \`vlan_filtering: false\`.`,
    `Linux net/bridge/br_vlan.c: ${code}; bridge(8) vlan add`,
  );

/** The VLAN in which a bridge has a frame from one of its ports; 0 for none, also where it knows no VLANs. */
export const vlanAt = (bridge: Hop<BridgeSettings>, from: Hop | undefined, frame: Frame): number =>
  bridge.settings.vlan_filtering ? (vlanOf(frame) ?? portOf(bridge, from).pvid) : 0;

const allows = ({ pvid, tagged }: BridgePort, vlan: number): boolean =>
  vlan === pvid || tagged.includes(vlan);

/** The frame as it leaves a bridge from one port to another, or why it does not. The bridge's own device counts as a port when one is absent. */
export function filterVlan(
  bridge: Hop<BridgeSettings>,
  from: Hop | undefined,
  to: Hop | undefined,
  frame: Frame,
): Extract<Forwarding, { action: 'drop' }> | { readonly action: 'pass'; readonly frame: Frame } {
  if (!bridge.settings.vlan_filtering) return { action: 'pass', frame };
  const [enter, leave] = [portOf(bridge, from), portOf(bridge, to)];
  const vlan = vlanAt(bridge, from, frame);
  const name = (port: Hop | undefined): string => port?.label ?? bridge.label;
  if (vlan === 0)
    return drop(
      `The bridge filters VLANs, and ${name(from)} has no VLAN for frames without a tag.`,
      'Give the port a `pvid`.',
      'Linux net/bridge/br_vlan.c: br_allowed_ingress; bridge(8) vlan add pvid',
    );
  if (!allows(enter, vlan)) return outside(name(from), vlan, 'comes', 'br_allowed_ingress');
  if (!allows(leave, vlan)) return outside(name(to), vlan, 'is', 'br_allowed_egress');
  const inside = vlanOf(frame) === undefined ? { ...frame, vlans: [customerTag(vlan)] } : frame;
  return { action: 'pass', frame: withVlan(inside, vlan === leave.pvid ? undefined : vlan) };
}
