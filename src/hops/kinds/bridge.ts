import { isolated, notFlooded, notListed, portBehind } from '../bridge-floods.js';
import { reservedDrop } from '../bridge-reserved.js';
import { bridgeAsRead } from '../bridge-read.js';
import { isAt, portOf, type BridgeSettings } from '../bridge-settings.js';
import { filterVlan, vlanAt } from '../bridge-vlan.js';
import { cutByNetfilter } from '../bridge-netfilter.js';
import { snooped, withSnooping } from '../bridge-snooping.js';
import { suppressed } from '../bridge-suppress.js';
import { tooLongToHandOver, tooLongToSend, untagged } from '../limits.js';
import { reportedIn } from '../../frames/groups.js';
import { isGroup } from '../../frames/mac.js';
import { includes } from '../onward.js';
import { drop } from '../outcome.js';
import type { Frame } from '../../frames/frame.js';
import { defineHop, type Crossing, type Forwarding, type Hop, type Place } from '../types.js';
import { bridgeTree } from '../bridge-tree.js';
import type { World } from '../world.js';

const CODE = 'Linux net/bridge';

type At = Crossing<BridgeSettings>;

/** Is it a MAC of the bridge or of one of its ports, or one that a permanent entry makes its own? */
const isOwn = ({ hop, ports }: Place<BridgeSettings>, mac: string, vlan: number): boolean =>
  [hop, ...ports].some(({ settings }) => settings.mac === mac) ||
  ports.some((port) =>
    portOf(hop, port).entries.some((entry) => entry.isOwn && isAt(entry, mac, vlan)),
  );

/** What is for a MAC of the bridge or of one of its ports goes up into the bridge's own stack. */
function kept({ place, hop, from }: At, frame: Frame): Forwarding | undefined {
  const { dst } = frame;
  if (!isOwn(place, dst, vlanAt(hop, from, frame))) return undefined;
  return drop(
    `${dst} is a MAC of the bridge itself or of one of its ports: the bridge takes the frame for its own stack.`,
    'Send to the MAC of the device behind the port.',
    `${CODE}/br_input.c: br_handle_frame_finish (BR_FDB_LOCAL)`,
  );
}

/** What comes in by a port and is to be seen on the bridge's own device. */
function up({ hop, place, from }: At, frame: Frame): Forwarding | undefined {
  const { dst } = frame;
  // An address that a device on top asks for makes it promiscuous: it cannot filter (net/core/dev.c, __dev_set_rx_mode).
  const isOpen =
    hop.settings.promisc === true ||
    place.uppers.some(({ settings }) => settings.mac !== hop.settings.mac);
  if (isGroup(dst) || isOwn(place, dst, vlanAt(hop, from, frame)) || isOpen) return undefined;
  return drop(
    `${dst} is no MAC of the bridge, so the frame does not go up into its stack.`,
    'Send to the MAC of the bridge.',
    `${CODE}/br_input.c: br_handle_frame_finish, br_pass_frame_up`,
  );
}

/** What a port of a bridge does with a frame of a size. */
const egress = ({ to }: At, frame: Frame): Forwarding | undefined =>
  to &&
  (cutByNetfilter(frame, to) ??
    tooLongToHandOver(frame, to, `${CODE}/br_forward.c: br_dev_queue_push_xmit`));

function ingress(crossing: At, frame: Frame): Forwarding | undefined {
  const { hop, from, to } = crossing;
  if (!from) return tooLongToSend(frame, hop);
  const { mask: bridgeMask, stp } = hop.settings;
  return (
    reservedDrop(frame.dst, { mask: portOf(hop, from).mask, bridgeMask, stp }) ??
    notListed(hop, from, frame) ??
    (to ? (kept(crossing, frame) ?? isolated(hop, from, to)) : up(crossing, frame))
  );
}

/** Where a bridge hands a frame: to the port behind which it knows the MAC, else to all but the one that it came by; and to itself. */
function destinations(
  { hop, ports, uppers }: Place<BridgeSettings>,
  from: Hop | undefined,
  frame: Frame,
  { memory }: World,
): readonly (Hop | undefined)[] {
  const open = ports.filter((port) => port.id !== from?.id || portOf(hop, port).hairpin);
  const known = portBehind({ hop, ports }, from, frame, memory);
  if (known !== undefined && ports.some(({ id }) => id === known))
    return open.filter(({ id }) => id === known);
  return from && !includes(uppers, from) ? [...open, ...uppers, undefined] : open;
}

/** Devices on top of the bridge are, to its ports, the bridge itself. */
function asOwn(crossing: At): At {
  const own = (hop: Hop | undefined) =>
    hop && includes(crossing.place.uppers, hop) ? undefined : hop;
  return { ...crossing, from: own(crossing.from), to: own(crossing.to) };
}

/** A Linux bridge between two of its ports, or between a port and its own device. */
export const bridge = defineHop<BridgeSettings>({
  kind: 'bridge',
  doc: 'A Linux bridge: learns and floods, but keeps the reserved group addresses 01:80:c2:00:00:0x to itself unless a mask lets them through. Its own MTU limits nothing that it forwards. With br_netfilter the packet filter of its host sees IP packets too, and malformed ones are dropped, what pads them is cut off, and IPv4 packets that are too long for a port are cut into fragments.',
  drops: [
    'reserved addresses 01:80:c2:00:00:0x, unless the `group_fwd_mask` of the port that they enter, or that of the bridge, has their bit. BPDUs (00) pass while it does not run spanning tree; PAUSE (01) never passes',
    'frames between two isolated ports',
    'with `macs` of a port what comes in there from another MAC',
    'what is flooded, to a port with `flood`, `mcast_flood` or `bcast_flood` off: unknown MACs, groups, broadcasts',
    'with VLAN filtering what is in a VLAN that the port which it enters or leaves by is not in',
    'what is longer than the MTU of the port that it leaves by, the header and one tag',
    'with snooping and a querier that it hears, or is itself: IGMP reports of version 1 and 2, MLD reports of version 1, IPv4 groups other than 224.0.0.x and IPv6 groups other than ff02::1, to ports by which it has heard of no member and no querier, and which no `mdb` and no `mcast_router: always` has',
    'what somebody tells or probes of its own address, to a port with `neigh_suppress`, and what the bridge answers itself',
    'groups that the `mdb` of another port has, and not of this one',
    'by a port with `guard` all that comes in and goes out, once it has heard a BPDU',
    'what is for a MAC of the bridge or of one of its ports: that goes to its own stack',
  ],
  isKernelBridge: true,
  next: destinations,
  vlans: ({ settings }) =>
    settings.vlan_filtering ? Object.values(settings.ports).flatMap(({ tagged }) => tagged) : [],
  tree: ({ settings }) => (settings.stp ? bridgeTree(settings) : undefined),
  settling: ({ device, settings }) =>
    settings.stp
      ? {
          argv: ['ip', '-d', 'link', 'show', 'master', device],
          // One that may not be the way to the root listens for as long as it would be.
          unsettled: 'bridge_slave state \\(listening\\|learning\\) .* root_block off',
        }
      : undefined,
  sendsBack: ({ settings }) => Object.values(settings.ports).some(({ hairpin }) => hairpin),
  permits: ({ settings }) => [
    ...(settings.mask === 0
      ? []
      : [
          [
            `bridge_group_fwd_mask: 0x${settings.mask.toString(16)}`,
            { ...settings, mask: 0 },
          ] as const,
        ]),
    ...Object.entries(settings.ports).flatMap(([id, port]) =>
      port.mask === 0
        ? []
        : [
            [
              `group_fwd_mask: 0x${port.mask.toString(16)}`,
              { ...settings, ports: { ...settings.ports, [id]: { ...port, mask: 0 } } },
            ] as const,
          ],
    ),
  ],
  snooping: ({ settings: { snooping, querier, hasIpv6 } }) => ({
    isOn: snooping,
    asks: snooping && querier ? { asksIpv6: hasIpv6 } : undefined,
  }),
  learns(hop, from, frame, { learn, join }) {
    const { learning, macs } = portOf(hop, from);
    if (macs && !macs.includes(frame.src)) return;
    const vlan = vlanAt(hop, from, frame);
    if (learning) learn(hop, vlan, frame.src, from.id);
    for (const group of reportedIn(frame)) join(hop, vlan, group, from.id);
  },
  carrier: ({ hop, ports }) => ({
    ...{ from: ports, needs: 'carrier' },
    without: {
      reason: `${hop.label} has no ports, and a bridge has carrier by its ports.`,
      remedy: `Give ${hop.label} a member.`,
      source: `${CODE}/br_stp.c: br_port_state_selection`,
    },
  }),
  // Its own device sees only what starts or ends at the bridge itself.
  observable: ({ from, to }) => from === undefined || to === undefined,
  forward(around, frame, world) {
    const crossing = asOwn(around);
    const { hop, from, to, place } = crossing;
    const early = ingress(crossing, frame);
    if (early) return early;
    const snoop = snooped(crossing, frame, world);
    if (typeof snoop === 'object' && snoop.action === 'drop') return snoop;
    const filtered = filterVlan(hop, from, to, from ? untagged(frame) : frame);
    if (filtered.action !== 'pass') return filtered;
    const refused = from && to && suppressed(hop, from, to, frame);
    const flooding = to && notFlooded(place, from, to, frame, world.memory);
    const result =
      egress(crossing, filtered.frame) ?? refused ?? withSnooping(flooding, snoop) ?? filtered;
    return result.action === 'chance' ? { ...result, frame: filtered.frame } : result;
  },
  actual: bridgeAsRead,
});
