import { ovsLimits } from '../ovs.js';
import { ovsTreeOf, type OvsTree } from '../ovs-tree.js';
import { isGroup, reservedNumber } from '../../frames/mac.js';
import { drop } from '../outcome.js';
import { ETHER_TYPES, type Frame } from '../../frames/frame.js';
import { through } from '../onward.js';
import {
  defineHop,
  PASS,
  type Crossing,
  type Forwarding,
  type Hop,
  type HopSettings,
  type Place,
} from '../types.js';
import type { World } from '../world.js';

/** A static flow, as the settings of the hop hold it. Ends are ids of hops. */
export interface OvsFlow {
  readonly from: string;
  readonly to: readonly string[];
  readonly dst?: string | undefined;
  readonly priority: number;
}

/** A bridge of Open vSwitch, as the model reads it. */
export interface OvsSettings extends HopSettings {
  readonly forwardBpdu: boolean;
  /** Ids of the ports that speak LLDP themselves. */
  readonly lldp: readonly string[];
  readonly flows: readonly OvsFlow[];
  /** Its part in a spanning tree. */
  readonly tree?: OvsTree | undefined;
}

type At = Crossing<OvsSettings>;

/** Addresses of vendors' protocols that NORMAL takes for reserved: lib/packets.c of Open vSwitch, eth_addr_is_reserved. */
const VENDOR: readonly string[] = [
  '00:e0:2b:00:00:00',
  '00:e0:2b:00:00:04',
  '00:e0:2b:00:00:06',
  '01:00:0c:00:00:00',
  '01:00:0c:cc:cc:cc',
  '01:00:0c:cc:cc:cd',
  '01:00:0c:cd:cd:cd',
];

const isReserved = (mac: string): boolean =>
  reservedNumber(mac) !== undefined ||
  VENDOR.includes(mac) ||
  /^01:00:0c:cc:cc:c[0-9a-f]$/.test(mac);

/** The first flow of the highest priority that fits. */
function flowFor({ hop, from }: Pick<At, 'hop' | 'from'>, { dst }: Frame): OvsFlow | undefined {
  return hop.settings.flows
    .filter((flow) => flow.from === from?.id && (flow.dst ?? dst) === dst)
    .toSorted((a, b) => b.priority - a.priority)[0];
}

function byFlow(flow: OvsFlow, { to }: At): Forwarding {
  if (flow.to.includes(to?.id ?? '')) return PASS;
  return drop(
    `A static flow of the switch decides, and it ${flow.to.length === 0 ? 'drops what it matches' : `does not hand the frame to ${to?.label ?? 'the port'}`}.`,
    'Add the port to `to` of that flow, or take the flow out.',
    'ovs-ofctl(8) Flow Syntax: the flow of the highest priority decides',
  );
}

function normal({ hop, to }: At, { dst }: Frame): Forwarding {
  if (hop.settings.forwardBpdu || !isReserved(dst)) return PASS;
  return drop(
    `The action NORMAL drops ${dst}: ${isGroup(dst) ? 'it is reserved for the protocols of bridges and their neighbours' : 'it belongs to a protocol of switches'}.`,
    `Set \`forward_bpdu: true\`, or add a static flow for ${dst} that leads to ${to?.label ?? 'the port'}.`,
    'Open vSwitch ofproto/ofproto-dpif-xlate.c: is_admissible; lib/packets.c: eth_addr_is_reserved; ovs-vswitchd.conf.db(5) other_config:forward-bpdu',
  );
}

function takesLldp({ hop, from }: At, frame: Frame): Forwarding | undefined {
  if (frame.etherType !== ETHER_TYPES.lldp || !from) return undefined;
  if (!hop.settings.lldp.includes(from.id)) return undefined;
  return drop(
    `Open vSwitch speaks LLDP itself on ${from.label} and takes every LLDP frame that enters there, before any flow is asked.`,
    'Take `lldp: true` from that end.',
    'Open vSwitch ofproto/ofproto-dpif-xlate.c: process_special; lib/ovs-lldp.c: lldp_should_process_flow; ovs-vswitchd.conf.db(5) lldp:enable',
  );
}

/** With spanning tree it takes BPDUs, before any flow is asked. */
function takesBpdu({ hop }: At, { dst }: Frame): Forwarding | undefined {
  const { tree } = hop.settings;
  if (!tree || reservedNumber(dst) !== 0) return undefined;
  return drop(
    `${hop.label} runs ${tree.protocol.toUpperCase()} and takes every BPDU (01:80:c2:00:00:00) itself.`,
    `Set \`${tree.protocol}: false\`, and \`forward_bpdu: true\` so that it hands them on.`,
    'Open vSwitch ofproto/ofproto-dpif-xlate.c: process_special; lib/stp.h: stp_should_process_flow',
  );
}

/** NORMAL sends to the port behind which it knows the MAC, a flow where it says; what neither does is a drop. */
function destinations(
  place: Place<OvsSettings>,
  from: Hop | undefined,
  frame: Frame,
  { memory }: World,
): readonly Hop[] {
  const all = through(place, from);
  const { hop } = place;
  const known = isGroup(frame.dst) ? undefined : memory.portFor(hop, 0, frame.dst);
  if (known === undefined || flowFor({ hop, from }, frame)) return all;
  return all.filter(({ id }) => id === known);
}

/** An Open vSwitch bridge with the action NORMAL behind static flows. */
export const ovsSwitch = defineHop<OvsSettings>({
  kind: 'ovs-switch',
  isOpenFlow: true,
  doc: 'An Open vSwitch bridge: static flows first, then NORMAL, which learns and floods. Its ports are captured, the bridge between them cannot be.',
  drops: [
    'LLDP that enters by a port with `lldp: true`',
    'BPDUs (00) while it runs spanning tree, and by a port that this blocks all else',
    'what a static flow leads elsewhere',
    'by NORMAL the reserved addresses 01:80:c2:00:00:0x and those of vendors (CDP, PVST+), unless `forward_bpdu`',
    'what is longer than the MTU of the port that it enters or leaves by',
  ],
  next: destinations,
  permits: ({ settings }) =>
    settings.forwardBpdu ? [['forward_bpdu: true', { ...settings, forwardBpdu: false }]] : [],
  tree: ({ settings: { tree } }) => tree && ovsTreeOf(tree),
  settling: ({ device, settings: { tree } }) =>
    tree && {
      argv: ['ovs-appctl', `${tree.protocol}/show`, device],
      // A port of RSTP that is to forward discards for a while.
      unsettled: 'listening\\|[Ll]earning\\|\\(Root\\|Designated\\) *Discarding',
    },
  learns: (hop, from, frame, { learn }) => learn(hop, 0, frame.src, from.id),
  observable: () => false,
  forward(crossing, frame) {
    const special = takesBpdu(crossing, frame) ?? takesLldp(crossing, frame);
    if (special) return special;
    const flow = flowFor(crossing, frame);
    const result = flow ? byFlow(flow, crossing) : normal(crossing, frame);
    if (result.action !== 'pass') return result;
    return ovsLimits(crossing.from, crossing.to, frame) ?? PASS;
  },
});
