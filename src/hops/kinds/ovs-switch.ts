import { ovsLimits } from '../ovs.js';
import { ovsTreeOf } from '../ovs-tree.js';
import { reservedNumber } from '../../frames/mac.js';
import { drop } from '../outcome.js';
import { ETHER_TYPES, type Frame } from '../../frames/frame.js';
import { through } from '../onward.js';
import { LOCAL_PORT } from '../openflow/flow.js';
import { fateOf } from '../openflow/fate.js';
import type { OvsSettings } from '../openflow/settings.js';
import { appctl } from '../../own-switch.js';
import { defineHop, PASS, type Crossing, type Forwarding, type Hop, type Place } from '../types.js';
import type { World } from '../world.js';

type At = Crossing<OvsSettings>;

function takesLldp({ hop, from }: Pick<At, 'hop' | 'from'>, frame: Frame): Forwarding | undefined {
  if (frame.etherType !== ETHER_TYPES.lldp || !from) return undefined;
  if (!hop.settings.lldp.includes(from.id)) return undefined;
  return drop(
    `Open vSwitch speaks LLDP itself on ${from.label} and takes every LLDP frame that enters there, before any flow is asked.`,
    'Take `lldp: true` from that end.',
    'Open vSwitch ofproto/ofproto-dpif-xlate.c: process_special; lib/ovs-lldp.c: lldp_should_process_flow; ovs-vswitchd.conf.db(5) lldp:enable',
  );
}

/** With spanning tree it takes BPDUs, before any flow is asked. */
function takesBpdu({ hop }: Pick<At, 'hop'>, { dst }: Frame): Forwarding | undefined {
  const { tree } = hop.settings;
  if (!tree || reservedNumber(dst) !== 0) return undefined;
  return drop(
    `${hop.label} runs ${tree.protocol.toUpperCase()} and takes every BPDU (01:80:c2:00:00:00) itself.`,
    `Set \`${tree.protocol}: false\`, and \`forward_bpdu: true\` so that it hands them on.`,
    'Open vSwitch ofproto/ofproto-dpif-xlate.c: process_special; lib/stp.h: stp_should_process_flow',
  );
}

/** What becomes of a frame: it takes some itself, and looks the others up. */
const fate = ({ hop, from }: Pick<At, 'hop' | 'from'>, frame: Frame, world: World) =>
  fateOf(hop, from, frame, world, takesBpdu({ hop }, frame) ?? takesLldp({ hop, from }, frame));

/** Why a port does not take in or give out a frame that goes from one to another: a patch port has no limits. */
function limited({ hop, from, to }: At, frame: Frame): Forwarding | undefined {
  const { isKernel, ports } = hop.settings;
  const device = (port: Hop | undefined) => (port && ports[port.id]?.isPatch ? undefined : port);
  return ovsLimits(isKernel ? undefined : device(from), device(to), frame);
}

/** Where NORMAL knows the receiver, the port behind which that is; else all, of which the flows say what becomes of the frame there. */
function destinations(
  place: Place<OvsSettings>,
  from: Hop | undefined,
  frame: Frame,
  world: World,
): readonly Hop[] {
  const { only, leaving } = fate({ hop: place.hop, from }, frame, world);
  const all = through(place, from);
  if (only) return all.filter(({ id }) => only.includes(id));
  // The action `in_port` sends back, and a mirror that puts copies into a VLAN.
  return from && leaving(from) ? [...all, from] : all;
}

/** An Open vSwitch bridge: its flows, and the action NORMAL where they say so. */
export const ovsSwitch = defineHop<OvsSettings>({
  kind: 'ovs-switch',
  isOpenFlow: true,
  doc: 'An Open vSwitch bridge: its flows decide, and the action NORMAL learns and floods. Its ports are captured, the bridge between them cannot be. Of a flow that asks for what the model does not read, or does what it does not know, it says that nobody can tell.',
  drops: [
    'LLDP that enters by a port with `lldp: true`',
    'BPDUs (00) while it runs spanning tree, and by a port that this blocks all else',
    'what a static flow leads elsewhere, or what no flow takes',
    'what enters by the output port of a mirror; by NORMAL all but copies towards it',
    'by NORMAL what is in a VLAN that the port which it enters or leaves by does not have',
    'by NORMAL the reserved addresses 01:80:c2:00:00:0x and those of vendors (CDP, PVST+), unless `forward_bpdu`',
    'what is longer than the MTU of the port that it enters or leaves by',
  ],
  next: destinations,
  permits: ({ settings }) =>
    settings.forwardBpdu ? [['forward_bpdu: true', { ...settings, forwardBpdu: false }]] : [],
  tree: ({ settings: { tree } }) => tree && ovsTreeOf(tree),
  settling: ({ device, settings: { tree } }) =>
    tree && {
      argv: appctl(`${tree.protocol}/show`, device),
      // A port of RSTP that is to forward discards for a while.
      unsettled: 'listening\\|[Ll]earning\\|\\(Root\\|Designated\\) *Discarding',
    },
  learns(hop, from, frame, memory, { hasCarrier }) {
    for (const { vlan, mac } of fateOf(hop, from, frame, { memory, hasCarrier }).learnt)
      memory.learn(hop, vlan, mac, from.id);
  },
  sendsBack: ({ settings }) =>
    (settings.mirrors ?? []).some(({ to }) => 'vlan' in to) ||
    [...settings.flows, ...(settings.groups ?? []).flatMap(({ buckets }) => buckets)].some(
      ({ actions }) => actions.some((action) => action.do === 'in_port'),
    ),
  control(hop) {
    const { datapath, controllers = [], ports } = hop.settings;
    return datapath === undefined
      ? undefined
      : {
          ...{ datapath, controllers },
          keeps: (from, frame) => takesBpdu({ hop }, frame) ?? takesLldp({ hop, from }, frame),
          ports: Object.fromEntries(
            Object.entries(ports).flatMap(([id, { number }]) =>
              number === LOCAL_PORT ? [] : [[id, number] as const],
            ),
          ),
        };
  },
  observable: () => false,
  also: (crossing, frame, world) =>
    crossing.to && crossing.hop.settings.mirrors
      ? fate(crossing, frame, world)
          .besides(crossing.to)
          .filter((copy) => !limited(crossing, copy))
      : [],
  forward(crossing, frame, world) {
    const { leaving, unsent } = fate(crossing, frame, world);
    const left = crossing.to && leaving(crossing.to);
    if (!left) return unsent(crossing.to);
    return limited(crossing, left) ?? (left === frame ? PASS : { action: 'pass', frame: left });
  },
});
