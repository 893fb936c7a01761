import type { Frame } from '../../../frames/frame.js';
import type { Hop } from '../../../hops/types.js';
import type { PreparedLeg } from '../../../probes/prepare.js';
import type { LostFrame } from '../causes/define.js';
import { deviceSight, type Sight } from './sight.js';

const messageOf = ({ icmp, icmp6 }: Frame) => icmp ?? icmp6;

const isEcho = ({ frame }: PreparedLeg): boolean =>
  ['echo-request', 'echo-reply'].includes(String(messageOf(frame)?.kind));

const isQuestion = ({ frame: { arp, icmp6 } }: PreparedLeg): boolean =>
  arp?.op === 'request' || icmp6?.kind === 'neighbor-solicitation';

/** Tables that see a packet in a stack: nft(8), ADDRESS FAMILIES. */
const familiesOf = ({ arp, ipv4, ipv6 }: Frame): readonly string[] =>
  arp ? ['arp'] : ipv4 ? ['ip', 'inet'] : ipv6 ? ['ip6', 'inet'] : [];

/** A router takes one from the time to live before its chains of `forward` see the packet: net/ipv4/ip_forward.c. */
const onward = (frame: Frame): Frame => ({
  ...frame,
  ...(frame.ipv4 && { ipv4: { ...frame.ipv4, ttl: frame.ipv4.ttl - 1 } }),
  ...(frame.ipv6 && { ipv6: { ...frame.ipv6, hopLimit: frame.ipv6.hopLimit - 1 } }),
});

/** What a stack was about: the packet that it had got, and the one that it was to send. */
interface Business {
  /** The frame for whose sake the lost one was to be sent; the lost one itself, or the echo that a neighbour is asked for. */
  readonly wanted: PreparedLeg;
  /** The frame that came to the stack before, with its device. */
  readonly received: PreparedLeg | undefined;
  readonly isForwarded: boolean;
}

/** Who asks for a neighbour does it for an echo; who answers or hands on has received something. */
function businessOf({ leg, legs }: LostFrame): Business {
  const index = legs.indexOf(leg);
  const { stack } = leg.from;
  const wanted = isQuestion(leg)
    ? (legs.slice(index).find((one) => isEcho(one) && one.from.stack === stack) ?? leg)
    : leg;
  const before = legs.slice(0, index).filter(({ to }) => to.stack === stack);
  const received = before.findLast(isEcho(wanted) ? isEcho : isQuestion);
  const isForwarded =
    received !== undefined &&
    isEcho(wanted) &&
    messageOf(received.frame)?.kind === messageOf(wanted.frame)?.kind;
  return { wanted, received, isForwarded };
}

/** The frame as it came to its end. */
const arrived = ({ frame, frames, path }: PreparedLeg): Frame => frames[path.length - 1] ?? frame;

/**
 * Where the filters of a stack see a packet of which nothing was sent: what the stack had received, on its way in; what
 * it was to hand on or to send, on its way out. A program that writes to a device itself goes past its filters (packet(7)).
 */
export function stackSights(scene: LostFrame): readonly Sight[] {
  const { leg, legs, fromStack } = scene;
  const at = leg.path[0];
  if (!at) return [];
  const { wanted, received, isForwarded } = businessOf(scene);
  const out = leg.from;
  const isByStack = fromStack || legs[0] !== leg;
  return [
    ...(received ? inwards(at, received, isForwarded ? out : undefined) : []),
    ...(isByStack ? outwards(at, wanted, out, isForwarded ? received?.to : undefined) : []),
    // What asks for a neighbour is a packet of its own.
    ...(isByStack && wanted !== leg ? outwards(at, leg, out, undefined) : []),
  ];
}

/** What a stack has received, and whether it is to go on by another device. */
function inwards(at: Hop, received: PreparedLeg, out: Hop | undefined): readonly Sight[] {
  const frame = arrived(received);
  const iif = received.to.device;
  const families = familiesOf(frame);
  const sight = (hook: string, oif: string, packet: Frame): Sight => ({
    ...{ hop: at, families },
    packet: { frame: packet, hook, iif, oif },
  });
  return [
    deviceSight(at, received.to, 'ingress', frame),
    sight('prerouting', '', frame),
    out ? sight('forward', out.device, onward(frame)) : sight('input', '', frame),
  ];
}

/** What a stack sends; by which device it came, where it is not its own. */
function outwards(
  at: Hop,
  { frame }: PreparedLeg,
  out: Hop,
  cameBy: Hop | undefined,
): readonly Sight[] {
  const families = familiesOf(frame);
  const sight = (hook: string): Sight => ({
    ...{ hop: at, families },
    packet: { frame, hook, iif: cameBy?.device ?? '', oif: out.device },
  });
  return [...(cameBy ? [] : [sight('output')]), sight('postrouting')];
}
