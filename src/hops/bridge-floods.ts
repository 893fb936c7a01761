import type { Frame } from '../frames/frame.js';
import { BROADCAST, isGroup } from '../frames/mac.js';
import { isAt, portOf, type BridgeSettings, type Flooded } from './bridge-settings.js';
import { vlanAt } from './bridge-vlan.js';
import { chance, drop } from './outcome.js';
import type { Forwarding, Hop, Place } from './types.js';
import type { Memory } from './world.js';

/** Whom the ports of a Linux bridge take frames from, and what is flooded to them: bridge(8) `locked`, `flood`, `mcast_flood`, `bcast_flood`, `learning`. */

type At = Pick<Place<BridgeSettings>, 'hop' | 'ports'>;

const CODE = 'Linux net/bridge';

/** A port with a list of MACs takes frames from those alone. */
export function notListed(
  bridge: Hop<BridgeSettings>,
  from: Hop,
  { src }: Frame,
): Forwarding | undefined {
  const { macs } = portOf(bridge, from);
  if (macs === undefined || macs.includes(src)) return undefined;
  return drop(
    `${src} is not among the \`macs\` that may send by ${from.label}, a port of the bridge.`,
    `Add ${src} to the \`macs\` of that port, or take the list away.`,
    `${CODE}/br_input.c: br_handle_frame_finish (BR_PORT_LOCKED); bridge(8) locked`,
  );
}

/** Two isolated ports do not hear each other. */
export function isolated(bridge: Hop<BridgeSettings>, from: Hop, to: Hop): Forwarding | undefined {
  if (![from, to].every((port) => portOf(bridge, port).isolated)) return undefined;
  return drop(
    `${from.label} and ${to.label} are both isolated ports of the bridge.`,
    'Take `isolated: true` from one of the two ports.',
    `${CODE}/br_private.h: br_skb_isolated; br_forward.c: should_deliver; bridge(8) isolated`,
  );
}

/** The port behind which a bridge knows a MAC: one that lists it or has a static entry for it, else the one where it was last heard. */
export function portBehind(
  { hop, ports }: At,
  from: Hop | undefined,
  frame: Frame,
  memory: Memory,
): string | undefined {
  if (isGroup(frame.dst)) return undefined;
  const vlan = vlanAt(hop, from, frame);
  const lists = ports.find((port) => {
    const { macs, entries } = portOf(hop, port);
    const isKnown = entries.some((entry) => !entry.isOwn && isAt(entry, frame.dst, vlan));
    return isKnown || macs?.includes(frame.dst);
  });
  return lists?.id ?? memory.portFor(hop, vlan, frame.dst);
}

const WORDS: Readonly<Record<Flooded, readonly [setting: string, what: string]>> = {
  unicast: ['flood', 'what is for a MAC that the bridge knows behind no port'],
  multicast: ['mcast_flood', 'groups'],
  broadcast: ['bcast_flood', 'broadcasts'],
};

const floodedAs = ({ dst }: Frame): Flooded =>
  dst === BROADCAST ? 'broadcast' : isGroup(dst) ? 'multicast' : 'unicast';

/**
 * What a bridge does not hand to a port because it floods it to others alone. What its own stack sends it does flood, but
 * for unicast. Where it may have heard the destination before, nobody knows.
 */
export function notFlooded(
  place: At,
  from: Hop | undefined,
  to: Hop,
  frame: Frame,
  memory: Memory,
): Forwarding | undefined {
  const port = portOf(place.hop, to);
  const kind = floodedAs(frame);
  if (port.floods[kind] || (from === undefined && kind !== 'unicast')) return undefined;
  if (portBehind(place, from, frame, memory) === to.id) return undefined;
  const [setting, what] = WORDS[kind];
  const why = {
    reason: `${to.label}, a port of the bridge, is not given ${what}: \`${setting}: false\`.`,
    remedy: `Set \`${setting}: true\` on that port${kind === 'unicast' ? ', or give it the MAC in its `fdb`' : ''}.`,
    source: `${CODE}/br_forward.c: br_flood; bridge(8) ${setting}`,
  };
  const mayKnow = kind === 'unicast' && port.learning && port.macs === undefined;
  return mayKnow ? chance(undefined, why) : { action: 'drop', ...why };
}
