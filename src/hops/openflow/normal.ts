import type { Frame } from '../../frames/frame.js';
import { isGroup } from '../../frames/mac.js';
import { drop } from '../outcome.js';
import type { Cause, Hop } from '../types.js';
import type { Memory } from '../world.js';
import { mirrorTo } from './mirror.js';
import { isReserved } from './reserved.js';
import type { OvsSettings } from './settings.js';
import { PLAIN_VLANS, tagsInside, tagsOutside, vlanInside, type PortVlans } from './vlan-modes.js';

/** The action NORMAL of Open vSwitch: ovs-actions(7), ofproto/ofproto-dpif-xlate.c, xlate_normal. */

/** What NORMAL does with a frame. */
export interface Normal {
  /** The frame as it leaves by a port, by the id of that; nothing where it does not. */
  readonly leaving: (port: string) => Frame | undefined;
  /** The VLAN in which it learns the sender; nothing where it takes no such frame. */
  readonly vlan: number | undefined;
  /** The port of the receiver, where it knows that; then no other is meant. */
  readonly known: string | undefined;
  /** Why a frame that it has taken does not leave by a port, or why it takes none. */
  readonly why: (to: Hop | undefined) => Cause;
}

const vlansOf = ({ settings }: Hop<OvsSettings>, port: string | undefined): PortVlans =>
  settings.ports[port ?? '']?.vlans ?? PLAIN_VLANS;

/** It takes no such frame. */
const nothing = (why: Normal['why']): Normal => ({
  ...{ leaving: () => undefined, vlan: undefined, known: undefined, why },
});

/** What NORMAL does with a frame that enters by a port. Pure. */
export function normal(
  hop: Hop<OvsSettings>,
  from: Hop | undefined,
  frame: Frame,
  { portFor }: Memory,
): Normal {
  const tags = tagsInside(vlansOf(hop, from?.id), frame);
  if (!tags) return nothing(() => foreignVlan(from, frame));
  if (!hop.settings.forwardBpdu && isReserved(frame.dst))
    return nothing((to) => reserved(frame.dst, to));
  const vlan = vlanInside(tags);
  const port = isGroup(frame.dst) ? undefined : portFor(hop, vlan, frame.dst);
  const known = port !== undefined && port in hop.settings.ports ? port : undefined;
  return {
    leaving(id) {
      if (id === from?.id || (known !== undefined && known !== id)) return undefined;
      if (mirrorTo(hop.settings, id)) return undefined;
      const vlans = tagsOutside(vlansOf(hop, id), tags);
      return vlans && { ...frame, vlans };
    },
    ...{ vlan, known, why: (to) => forCopies(hop, to) ?? otherVlan(to, vlan) },
  };
}

function foreignVlan(from: Hop | undefined, { vlans: [outer] }: Frame): Cause {
  const name = from?.label ?? 'the port';
  return drop(
    outer && outer.id > 0
      ? `${name} takes no frame with the tag of VLAN ${outer.id}.`
      : `${name} takes no frame without a tag.`,
    'Add the VLAN to the `trunks` of that port (0 for frames without a tag), or take `tag` from it.',
    'Open vSwitch ofproto/ofproto-dpif-xlate.c: input_vid_is_valid; ovs-vswitchd.conf.db(5) Port, VLAN Configuration',
  );
}

function otherVlan(to: Hop | undefined, vlan: number): Cause {
  const name = to?.label ?? 'the port';
  return drop(
    `${name} is not in VLAN ${vlan}, in which the frame is${vlan === 0 ? ' (it has no tag)' : ''}.`,
    `Give that port the \`tag\` ${vlan}, or add ${vlan} to its \`trunks\`.`,
    'Open vSwitch ofproto/ofproto-dpif-xlate.c: xbundle_includes_vlan; ovs-vswitchd.conf.db(5) Port, VLAN Configuration',
  );
}

/** Why a port that is for the copies of a mirror gets nothing else; nothing where it is for frames. */
function forCopies({ settings }: Hop<OvsSettings>, to: Hop | undefined): Cause | undefined {
  const mirror = mirrorTo(settings, to?.id);
  return (
    mirror &&
    drop(
      `${to?.label} is the output of the mirror \`${mirror.name}\`, which does not copy this frame; NORMAL sends nothing else there.`,
      `Let \`${mirror.name}\` select the port or the VLAN of the frame.`,
      'Open vSwitch ofproto/ofproto-dpif-xlate.c: xbundle_mirror_out; ovs-vswitchd.conf.db(5) Mirror, output_port',
    )
  );
}

const reserved = (dst: string, to: Hop | undefined): Cause =>
  drop(
    `The action NORMAL drops ${dst}: ${isGroup(dst) ? 'it is reserved for the protocols of bridges and their neighbours' : 'it belongs to a protocol of switches'}.`,
    `Set \`forward_bpdu: true\`, or add a static flow for ${dst} that leads to ${to?.label ?? 'the port'}.`,
    'Open vSwitch ofproto/ofproto-dpif-xlate.c: is_admissible; lib/packets.c: eth_addr_is_reserved; ovs-vswitchd.conf.db(5) other_config:forward-bpdu',
  );
