import type { Frame } from '../frames/frame.js';
import type { SeenFrame } from '../frames/decode.js';
import type { Spoken } from '../ip/talk.js';
import type { Leg } from './define.js';

/** Is a captured frame the one that was said? By what it asks or carries, on this segment of its way. */
function isSaid(this: Pick<Leg, 'frame'>, seen: SeenFrame): boolean {
  const { arp, icmp6, ipv4, ipv6, src, dst } = this.frame;
  if (arp)
    return (
      seen.arp?.op === arp.op &&
      seen.arp.senderIp === arp.senderIp &&
      seen.arp.targetIp === arp.targetIp &&
      // The kernel also asks a neighbour that it knows, by unicast.
      seen.dst === dst
    );
  if (icmp6?.target !== undefined)
    return seen.icmp6?.target === icmp6.target && seen.dst === dst && seen.src === src;
  const [ip, around] = [ipv4 ?? ipv6, seen.ipv4 ?? seen.ipv6];
  const limit = (one: typeof around): number | undefined =>
    one && ('ttl' in one ? one.ttl : one.hopLimit);
  return (
    isSameContent(this.frame, seen) &&
    around?.src === ip?.src &&
    around?.dst === ip?.dst &&
    limit(around) === limit(ip)
  );
}

/** Does a captured packet carry what was said: the same echo, the same segment or datagram? */
function isSameContent({ icmp, icmp6, udp, tcp }: Frame, seen: SeenFrame): boolean {
  const [message, other] = [icmp ?? icmp6, seen.icmp ?? seen.icmp6];
  if (message) return other?.kind === message.kind && other.id === message.id;
  if (udp) return seen.udp !== undefined && isSamePart(udp, seen.udp);
  if (!tcp || !seen.tcp) return false;
  const { syn, ack, rst, fin } = seen.tcp;
  const isPlain = rst === tcp.rst && syn === tcp.syn && ack === tcp.ack;
  // Data may come together with the end of it.
  return isPlain && (!fin || tcp.payload.length > 0) && isSamePart(tcp, seen.tcp);
}

interface Part {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly payload: Uint8Array;
}

/** The same ports, as far as they are known beforehand, and the same data. */
const isSamePart = (said: Part, seen: Part): boolean =>
  [said.srcPort || seen.srcPort, said.dstPort || seen.dstPort].join() ===
    [seen.srcPort, seen.dstPort].join() && Buffer.compare(said.payload, seen.payload) === 0;

/** The frames of a conversation as legs of a probe. */
export const legsOf = (spoken: readonly Spoken[]): readonly Leg[] =>
  spoken.map(({ name, what, class: frameClass, from, to, frame, way, sights }) => ({
    name,
    class: frameClass,
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
