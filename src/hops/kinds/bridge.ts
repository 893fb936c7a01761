import { reservedDrop } from '../bridge-reserved.js';
import { filterVlan, vlansOf } from '../bridge-vlan.js';
import { snooped } from '../bridge-snooping.js';
import { tooLongToHandOver, tooLongToSend, untagged } from '../limits.js';
import { drop, isGroup } from '../rules.js';
import {
  type Crossing,
  type Forwarding,
  type FrameSpec,
  type HopKind,
  type HopSettings,
} from '../types.js';

const CODE = 'Linux net/bridge';

const setting = ({ hop }: Crossing, name: string, port: string | undefined) =>
  hop.settings[`${name} ${port}`];

/** Two isolated ports do not hear each other. */
function isolation(crossing: Crossing): Forwarding | undefined {
  const { from, to } = crossing;
  if (![from, to].every((port) => setting(crossing, 'isolated', port?.id) === true))
    return undefined;
  return drop(
    `${from?.label} and ${to?.label} are both isolated ports of the bridge.`,
    'Take `isolated: true` from one of the two ports.',
    `${CODE}/br_private.h: br_skb_isolated; br_forward.c: should_deliver; bridge(8) isolated`,
  );
}

/** What is for a MAC of the bridge or of one of its ports goes up into the bridge's own stack. */
function kept({ hop, from, to }: Crossing, { dst }: FrameSpec): Forwarding | undefined {
  if (![hop, from, to].some((device) => device?.settings.mac === dst)) return undefined;
  return drop(
    `${dst} is a MAC of the bridge itself or of one of its ports: the bridge takes the frame for its own stack.`,
    'Send to the MAC of the device behind the port.',
    `${CODE}/br_input.c: br_handle_frame_finish (BR_FDB_LOCAL)`,
  );
}

/** What comes in by a port and is to be seen on the bridge's own device. */
function up({ hop, from }: Crossing, { dst }: FrameSpec): Forwarding | undefined {
  const own = [hop, from].some((device) => device?.settings.mac === dst);
  if (isGroup(dst) || own || hop.settings.promisc === true) return undefined;
  return drop(
    `${dst} is no MAC of the bridge, so the frame does not go up into its stack.`,
    'Send to the MAC of the bridge.',
    `${CODE}/br_input.c: br_handle_frame_finish, br_pass_frame_up`,
  );
}

/** What a port of a bridge does with a frame of a size. */
const egress = ({ to }: Crossing, frame: FrameSpec): Forwarding | undefined =>
  to && tooLongToHandOver(frame, to, `${CODE}/br_forward.c: br_dev_queue_push_xmit`);

function ingress(crossing: Crossing, frame: FrameSpec): Forwarding | undefined {
  const { hop, from, to } = crossing;
  if (!from) return tooLongToSend(frame, hop);
  const { settings } = hop;
  const mask = Number(setting(crossing, 'mask', from.id) ?? 0) | Number(settings.mask ?? 0);
  return (
    reservedDrop(frame.dst, mask, settings.stp === true) ??
    (to ? (kept(crossing, frame) ?? isolation(crossing)) : up(crossing, frame)) ??
    (to ? snooped(hop, to, frame) : undefined)
  );
}

/**
 * A Linux bridge between two of its ports, or between a port and its own device. Settings: `stp`, `mask` (bridge-wide),
 * `vlan_filtering`, `snooping`, `querier`; and for a port, with the id of its hop behind the name: `mask`, `isolated`,
 * `pvid`, `vlans`.
 */
export const bridge: HopKind = {
  kind: 'bridge',
  doc: 'A Linux bridge: learns and floods, but keeps the reserved group addresses 01:80:c2:00:00:0x to itself unless a mask lets them through. Its own MTU limits nothing that it forwards. With br_netfilter the firewall of its host sees IP packets too, drops malformed ones and cuts off what pads them; the model knows nothing of firewalls.',
  drops: [
    'reserved addresses 01:80:c2:00:00:0x, unless the `group_fwd_mask` of the port that they enter, or that of the bridge, has their bit. BPDUs (00) pass while it does not run spanning tree; PAUSE (01) never passes',
    'frames between two isolated ports',
    'with VLAN filtering what is in a VLAN that the port which it enters or leaves by is not in',
    'what is longer than the MTU of the port that it leaves by, the header and one tag',
    'with snooping and a querier: IGMP reports of version 1 and 2, and IPv4 groups other than 224.0.0.x that nobody joined, to ports without a router',
    'what is for a MAC of the bridge or of one of its ports: that goes to its own stack',
  ],
  // Its own device sees only what starts or ends at the bridge itself.
  observable: ({ from, to }) => from === undefined || to === undefined,
  forward(crossing, frame) {
    const { hop, from, to } = crossing;
    const early = ingress(crossing, frame);
    if (early) return early;
    const filtered = filterVlan(hop, from, to, from ? untagged(frame) : frame);
    if (filtered.action !== 'pass') return filtered;
    return egress(crossing, filtered.frame) ?? filtered;
  },
  actual(_, { linkinfo }, ports) {
    const data = linkinfo?.info_data;
    const ofPorts = [...ports].flatMap(([id, port]) => {
      const slave = port.linkinfo?.info_slave_data ?? {};
      return [
        [`mask ${id}`, Number(slave.group_fwd_mask)],
        [`isolated ${id}`, slave.isolated === true],
        ...(port.vlans === undefined ? [] : vlansOf(id, port.vlans)),
      ] as const;
    });
    return {
      mask: Number(data?.group_fwd_mask ?? 0),
      stp: data?.stp_state === 1,
      vlan_filtering: data?.vlan_filtering === 1,
      ...(Object.fromEntries(ofPorts) as HopSettings),
    };
  },
};
