import type { Frame } from '../frames/frame.js';
import { isGroup } from '../frames/mac.js';
import { portOf, type BridgeSettings } from './bridge-settings.js';
import { chance, drop } from './outcome.js';
import type { Forwarding, Hop } from './types.js';

/** What a bridge keeps from ports with `neigh_suppress`, because it answers for what is behind them: net/bridge/br_arp_nd_proxy.c. */

const SOURCE =
  'Linux net/bridge/br_arp_nd_proxy.c: br_do_proxy_suppress_arp, br_do_suppress_nd; bridge(8) neigh_suppress';

/** Does somebody tell of its own address, or probe for it? That asks nobody. An address of 0.0.0.0/8 is none yet: RFC 5227, 2.1.1. */
const isOwnNews = ({ arp, icmp6, ipv6 }: Frame): boolean =>
  arp !== undefined
    ? arp.senderIp === arp.targetIp || arp.senderIp.startsWith('0.')
    : icmp6?.kind === 'neighbor-solicitation' && ipv6?.src === '::';

/**
 * What becomes of a question for an address towards a port. What the neighbour table of the bridge has of those behind it
 * nobody knows beforehand; where the bridge has no address of its own it has nothing.
 */
export function suppressed(
  bridge: Hop<BridgeSettings>,
  from: Hop,
  to: Hop,
  frame: Frame,
): Forwarding | undefined {
  if (!isGroup(frame.dst) || portOf(bridge, from).suppressesNeighbours) return undefined;
  if (!portOf(bridge, to).suppressesNeighbours) return undefined;
  const remedy = `Set \`neigh_suppress: false\` on ${to.label}.`;
  if (isOwnNews(frame))
    return drop(
      `${to.label} has \`neigh_suppress: true\`: the bridge keeps from it what somebody tells or probes of its own address.`,
      remedy,
      SOURCE,
    );
  const isQuestion = frame.arp?.op === 'request' || frame.icmp6?.kind === 'neighbor-solicitation';
  if (!isQuestion || bridge.settings.hasAddress !== true) return undefined;
  return chance(undefined, {
    reason: `${to.label} has \`neigh_suppress: true\`: what the neighbour table of the bridge has, the bridge answers itself and does not ask for there.`,
    remedy,
    source: SOURCE,
  });
}
