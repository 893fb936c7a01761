import type { DeviceState } from './device.js';
import { drop } from './rules.js';
import type { Forwarding, FrameSpec, Hop } from './types.js';

/** VLAN filtering of a Linux bridge: net/bridge/br_vlan.c, bridge(8) `vlan`. */

/** The VLANs of a port, as the settings of a bridge hold them: `pvid PORT` and `vlans PORT`. */
interface Membership {
  /** VLAN of frames without a tag, which also leave without one; 0 for none. */
  readonly pvid: number;
  /** VLANs that cross the port tagged. */
  readonly tagged: readonly number[];
}

/** VLAN that every port of a new bridge is in: net/bridge/br_private.h. */
const DEFAULT_PVID = 1;

function membershipOf(bridge: Hop, port: Hop | undefined): Membership {
  const setting = (name: string) => bridge.settings[`${name} ${port?.id}`];
  const tagged = String(setting('vlans') ?? '').split(',');
  return {
    pvid: Number(setting('pvid') ?? DEFAULT_PVID),
    tagged: tagged.filter(Boolean).map(Number),
  };
}

/** The same read back from the kernel, as settings of the bridge. */
export function vlansOf(
  port: string,
  vlans: NonNullable<DeviceState['vlans']>,
): readonly (readonly [string, string | number])[] {
  const pvid = vlans.find(({ flags }) => flags?.includes('PVID'))?.vlan ?? 0;
  const all = vlans.flatMap(({ vlan, vlanEnd = vlan }) =>
    Array.from({ length: vlanEnd - vlan + 1 }, (_, index) => vlan + index),
  );
  return [
    [`pvid ${port}`, pvid],
    [`vlans ${port}`, all.filter((vlan) => vlan !== pvid).join(',')],
  ];
}

const outside = (port: string, vlan: number, way: string, code: string) =>
  drop(
    `The bridge filters VLANs, and ${port} is not in VLAN ${vlan}, in which the frame ${way}.`,
    `Add ${vlan} to the \`vlans\` of that port (or make it its \`pvid\`), or set \`vlan_filtering: false\`.`,
    `Linux net/bridge/br_vlan.c: ${code}; bridge(8) vlan add`,
  );

/** A frame with another tag, or with none. */
function tagged(frame: FrameSpec, vlan: number | undefined): FrameSpec {
  const changed: { -readonly [K in keyof FrameSpec]: FrameSpec[K] } = { ...frame };
  if (vlan === undefined) delete changed.vlan;
  else changed.vlan = vlan;
  return changed;
}

/** The frame as it leaves a bridge from one port to another, or why it does not. The bridge's own device counts as a port when one is absent. */
export function filterVlan(
  bridge: Hop,
  from: Hop | undefined,
  to: Hop | undefined,
  frame: FrameSpec,
):
  Extract<Forwarding, { action: 'drop' }> | { readonly action: 'pass'; readonly frame: FrameSpec } {
  if (bridge.settings.vlan_filtering !== true) return { action: 'pass', frame };
  const [enter, leave] = [membershipOf(bridge, from), membershipOf(bridge, to)];
  const vlan = frame.vlan ?? enter.pvid;
  const name = (port: Hop | undefined): string => port?.label ?? bridge.label;
  if (vlan === 0)
    return drop(
      `The bridge filters VLANs, and ${name(from)} has no VLAN for frames without a tag.`,
      'Give the port a `pvid`.',
      'Linux net/bridge/br_vlan.c: br_allowed_ingress; bridge(8) vlan add pvid',
    );
  const allowed = (port: Membership) => vlan === port.pvid || port.tagged.includes(vlan);
  if (!allowed(enter)) return outside(name(from), vlan, 'comes', 'br_allowed_ingress');
  if (!allowed(leave)) return outside(name(to), vlan, 'is', 'br_allowed_egress');
  return { action: 'pass', frame: tagged(frame, vlan === leave.pvid ? undefined : vlan) };
}
