import type { FrameClass } from '../frames/classes.js';
import type { SeenFrame } from '../frames/decode.js';
import type { Spoken } from '../ip/talk.js';
import type { Leg } from './define.js';

/** Is a captured frame the one that was said? By what it asks or carries, on this segment of its way. */
function isSaid(this: Pick<Leg, 'frame'>, seen: SeenFrame): boolean {
  const { arp, icmp, icmp6, ipv4, ipv6, src, dst } = this.frame;
  if (arp)
    return (
      seen.arp?.op === arp.op &&
      seen.arp.senderIp === arp.senderIp &&
      seen.arp.targetIp === arp.targetIp &&
      // The kernel also asks a neighbour that it knows, by unicast.
      seen.dst === dst
    );
  const [message, ip] = [icmp ?? icmp6, ipv4 ?? ipv6];
  const [other, around] = [seen.icmp ?? seen.icmp6, seen.ipv4 ?? seen.ipv6];
  if (!message || !ip || other?.kind !== message.kind) return false;
  if (icmp6?.target !== undefined)
    return seen.icmp6?.target === icmp6.target && seen.dst === dst && seen.src === src;
  const limit = (one: typeof around): number | undefined =>
    one && ('ttl' in one ? one.ttl : one.hopLimit);
  return (
    other.id === message.id &&
    around?.src === ip.src &&
    around.dst === ip.dst &&
    limit(around) === limit(ip)
  );
}

const CLASSES: Readonly<Record<Spoken['what'], Readonly<Record<4 | 6, FrameClass>>>> = {
  request: { 4: 'arp-request', 6: 'nd-solicitation' },
  reply: { 4: 'arp-reply', 6: 'nd-advertisement' },
  'echo-request': { 4: 'icmp', 6: 'icmp6' },
  'echo-reply': { 4: 'icmp', 6: 'icmp6' },
};

/** The frames of a conversation as legs of a probe. */
export const legsOf = (spoken: readonly Spoken[], family: 4 | 6): readonly Leg[] =>
  spoken.map(({ name, what, from, to, frame, way, sights }) => ({
    name,
    class: CLASSES[what][family],
    from,
    to,
    frame,
    path: way.path,
    frames: way.frames,
    prediction: way.prediction,
    sights,
    isQuestion: what === 'request',
    matches: isSaid,
  }));
