import { HSR_TYPES } from '../../frames/decode/hsr.js';
import { copyKey, UNTAGGED, type Frame } from '../../frames/frame.js';
import { isGroup } from '../../frames/mac.js';
import { isDown, refusesToSend, untagged } from '../limits.js';
import { includes } from '../onward.js';
import { drop } from '../outcome.js';
import { defineHop, PASS, type Crossing, type Forwarding, type Hop } from '../types.js';
import { duplicate, ownAgain, otherVersion, sized, type HsrSettings } from '../redundancy.js';

const CODE = 'Linux net/hsr/hsr_forward.c';

const isSlave = ({ settings: { slaves } }: Hop<HsrSettings>, hop: Hop | undefined): boolean =>
  hop !== undefined && slaves.includes(hop.id);

/** What is for its own address alone goes no further: hsr_forward.c, is_local_exclusive. */
const isOwn = ({ settings: { mac } }: Hop<HsrSettings>, { dst }: Frame): boolean => dst === mac;

/** Does its own stack get what comes in by a slave? hsr_forward.c, check_local_dest. */
const isForStack = (hop: Hop<HsrSettings>, frame: Frame): boolean =>
  isOwn(hop, frame) || isGroup(frame.dst);

/** What leaves by a slave. @param isSent - by its own stack, or by what is on top of it; what it hands on keeps its sender */
function tagged({ settings }: Hop<HsrSettings>, isSent: boolean, frame: Frame): Frame {
  const { mac: own = frame.src, proto, version } = settings;
  const inner = isSent ? { ...frame, src: own } : frame;
  if (proto === 'prp') return sized({ ...inner, hasTrailer: true }, 1);
  const { dst, src, payload, joined } = inner;
  return sized(
    {
      ...{ dst, src, vlans: UNTAGGED, etherType: HSR_TYPES[version] },
      ...(payload !== undefined && { payload }),
      ...(joined !== undefined && { joined }),
      redundant: { version, frame: inner },
    },
    1,
  );
}

/** What goes up, without the trailer. */
const bare = (frame: Frame): Frame =>
  frame.hasTrailer === true ? sized({ ...frame, hasTrailer: false }, -1) : frame;

function leave({ hop, from }: Crossing<HsrSettings>, frame: Frame): Forwarding {
  const isSent = !isSlave(hop, from);
  const refused = isSent ? refusesToSend({ hop, from }, frame) : isDown(hop);
  if (refused) return refused;
  if (isSent && frame.vlans.length > 0)
    return drop(
      `${hop.label} sends nothing with the tag of a VLAN.`,
      'Send it without a tag, and run a node of HSR or PRP for each VLAN.',
      `${CODE}: fill_frame_info ("VLAN not yet supported")`,
    );
  return { action: 'pass', frame: tagged(hop, isSent, frame) };
}

/** A node of HSR or PRP: net/hsr. */
export const hsr = defineHop<HsrSettings>({
  kind: 'hsr',
  doc: 'A node of a ring (HSR) or of two networks beside each other (PRP). What its stack sends leaves by both slaves, each copy with a tag (HSR) or a trailer (PRP) of six octets; of the copies that come to a node it hands the first to its stack. In a ring a node hands on what comes by one slave to the other one, unless that is for the node alone, and what it has sent itself ends where it comes back. Groups go round and are for the stack of each node, those of 802.1Q too.',
  drops: [
    'the second copy of a frame: that is how it is meant, and nothing is lost',
    'what it has sent itself and comes back',
    'with HSR, for the stack of the slave alone: what comes without a tag',
    'what it is to send with the tag of a VLAN',
    'what is for another MAC: a node of a ring only hands it on, one of PRP does not',
    'what a program sends beyond its MTU, which is six octets less than those of the slaves',
  ],
  // No speed is known of it: net/bridge/br_if.c, port_cost.
  pathCost: 100,
  carrier: ({ lowers }) => ({ from: lowers, needs: 'carrier' }),
  // What it only hands on is not seen on it.
  observable: ({ hop, from, to }) => !(isSlave(hop, from) && isSlave(hop, to)),
  claims: ({ settings: { proto } }, { redundant }) => proto === 'prp' || redundant !== undefined,
  next({ hop, lowers, uppers, masters }, from, frame) {
    if (!from || !includes(lowers, from)) return lowers;
    const up = masters.length > 0 ? masters : [...uppers, undefined];
    const isRing = hop.settings.proto === 'hsr';
    const on = isRing && !isOwn(hop, frame) ? lowers.filter(({ id }) => id !== from.id) : [];
    return isForStack(hop, frame) ? [...on, ...up] : on;
  },
  takes(hop, from, frame) {
    const { settings, label } = hop;
    if (!isSlave(hop, from)) return undefined;
    const down = isDown(hop);
    if (down) return down;
    if (settings.proto === 'prp')
      return frame.src === settings.mac
        ? ownAgain(label)
        : { action: 'pass', frame: untagged(frame) };
    const { redundant, payload } = frame;
    if (!redundant)
      return drop(
        `The frame has no tag of HSR: it is for the stack of ${from.label} alone, and ${label} neither takes it nor hands it on.`,
        `Send it by a node of HSR.`,
        'Linux net/hsr/hsr_slave.c: hsr_handle_frame (hsr_invalid_dan_ingress_frame)',
      );
    if (redundant.frame.src === settings.mac) return ownAgain(label);
    if (redundant.version !== settings.version)
      return otherVersion(label, redundant.version, settings.version);
    const { frame: inner } = redundant;
    return {
      action: 'pass',
      frame: payload === undefined ? inner : sized({ ...inner, payload }, -1),
    };
  },
  once: (hop, frame, to) =>
    isSlave(hop, to) || (hop.settings.proto === 'prp' && frame.hasTrailer !== true)
      ? undefined
      : { key: `${frame.src}\0${copyKey(frame)}`, ...duplicate(hop.label) },
  forward(crossing, frame) {
    const { hop, from, to } = crossing;
    if (isSlave(hop, to)) return leave(crossing, frame);
    const down = isDown(hop);
    if (down || !isSlave(hop, from)) return down ?? refusesToSend(crossing, frame) ?? PASS;
    if (isForStack(hop, frame)) return { action: 'pass', frame: bare(frame) };
    return {
      ...drop(
        `${hop.label} takes unicast for its own MAC alone (${hop.settings.mac}): what is for ${frame.dst} it only hands on.`,
        'Send it to that MAC: a node of HSR or PRP stands for no others.',
        `${CODE}: check_local_dest, hsr_forward_do`,
      ),
      isUnseen: true,
    };
  },
});
