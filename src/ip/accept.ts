import type { Cause, Hop } from '../hops/types.js';
import type { Message } from './exchange.js';
import { familyOf } from '../topology/address.js';
import { routeTo } from './routes.js';
import { forwards, greater, isOn, ownAddresses, type IpStack } from './stack.js';

/** An IP packet, as far as a stack looks at it. */
export interface IpPacket {
  readonly family: 4 | 6;
  readonly message: Message;
  readonly src: string;
  readonly dst: string;
  /** Time to live, or hop limit, with which it arrives. */
  readonly ttl: number;
  /** Octets of the packet, header included. */
  readonly size: number;
  /** No router may cut it. */
  readonly dontFragment: boolean;
  /** It is one of the parts into which it was cut. */
  readonly isCut?: boolean;
}

const cause = (reason: string, remedy: string, source: string): Cause => ({
  ...{ reason, remedy, source },
});

const SYSCTL = 'Linux Documentation/networking/ip-sysctl.rst';

/**
 * Does a stack refuse a packet for the address that it comes from? It must be no address of the stack's own, and with
 * rp_filter its way back must lead out by the device that it came by (strict), or anywhere (loose). The way back is that
 * of an answer: the addresses change places, and it comes by the device by which the packet would leave.
 */
export function badSource(
  stack: IpStack,
  device: Hop,
  { src, dst }: Pick<IpPacket, 'src' | 'dst'>,
): Cause | undefined {
  const name = stack.stack.id;
  const there = routeTo(stack, { dst, src, iif: device });
  // Where the way ends anyway nobody asks for the source.
  if (there.kind !== 'local' && there.kind !== 'out') return undefined;
  if (ownAddresses(stack, device.device).some(({ ip }) => ip === src))
    return cause(
      `${name} has the address ${src} itself, and takes nothing from it that comes by ${device.label}.`,
      'Give the sender another address.',
      'Linux net/ipv4/fib_frontend.c: fib_validate_source (martian source)',
    );
  if (familyOf(src) === 6) return undefined;
  const mode = greater(stack, device, 'rp_filter');
  if (mode === 0) return undefined;
  const iif = there.kind === 'out' ? there.device : undefined;
  const back = routeTo(stack, { dst: src, src: dst, iif, within: device });
  const setting = `rp_filter is ${mode} at ${device.label}`;
  const source = `${SYSCTL}: rp_filter; RFC 3704; Linux net/ipv4/fib_frontend.c: __fib_validate_source`;
  if (back.kind !== 'out') {
    const what = back.kind === 'rejected' ? `the route \`${back.route()}\`` : 'no route';
    return cause(
      `${setting}, and ${name} has ${what} to ${src}, where the packet comes from: it is dropped.`,
      `Give ${name} a route to ${src}, or set net.ipv4.conf.${device.device}.rp_filter to 0.`,
      source,
    );
  }
  const hasAddress = stack.addresses.some(
    (one) => one.device === device.device && one.family === 4,
  );
  if (back.device.id === device.id || (mode !== 1 && hasAddress)) return undefined;
  const how = mode === 1 ? 'strict' : 'loose, but strict at a device without an IPv4 address';
  return cause(
    `${setting} (${how}), and the reverse path of ${src} leads out by ${back.device.label} (${back.route()}): what comes by ${device.label} from there is dropped.`,
    `Set net.ipv4.conf.${device.device}.rp_filter to 2 (loose) or 0, also for \`all\`, or make the route to ${src} lead out by ${device.label}.`,
    source,
  );
}

/** Why nothing comes of what a stack sends by a device; nothing where it has somewhere to go. */
export const sunk = ({ label, settings }: Hop, dst: string): Cause | undefined =>
  settings.isSink
    ? cause(
        `The way to ${dst} leads out by ${label}, which throws away what it is given to send, and asks nobody for an address.`,
        `Write a more specific route to ${dst}, or take the prefix of that subnet from ${label} (an address of its own is one of length 32 or 128).`,
        'Linux drivers/net/dummy.c: dummy_xmit, dummy_setup (IFF_NOARP)',
      )
    : undefined;

/** Why a stack does not answer an echo request that is for it; nothing where it does. */
export function ignoresEcho(stack: IpStack, family: 4 | 6): Cause | undefined {
  const key = family === 4 ? 'net.ipv4.icmp_echo_ignore_all' : 'net.ipv6.icmp.echo_ignore_all';
  if (!isOn(stack, key)) return undefined;
  return cause(
    `${stack.stack.id} ignores echo requests: ${key} is not 0.`,
    `Set ${key} to 0.`,
    SYSCTL,
  );
}

/** Why a router does not hand on a packet that came by one device and goes out by another; nothing where it does. */
export function refusesToForward(
  stack: IpStack,
  from: Hop,
  to: Hop,
  packet: Omit<IpPacket, 'message'>,
): Cause | undefined {
  const { family, ttl, size, dontFragment } = packet;
  const name = stack.stack.id;
  if (!forwards(stack, from, family)) {
    const key = family === 4 ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
    return cause(
      `${name} is no router: forwarding is off for what comes by ${from.label}, so a packet for ${packet.dst} ends there.`,
      `Set \`${key}: 1\` in its \`sysctls\`.`,
      family === 4 ? `${SYSCTL}: ip_forward` : `${SYSCTL}: conf/all/forwarding`,
    );
  }
  if (ttl <= 1)
    return cause(
      `The packet comes to ${name} with a ${family === 4 ? 'time to live' : 'hop limit'} of ${ttl}: its way ends there, and ${name} says so to ${packet.src} (time exceeded).`,
      'Send it with a greater `ttl`.',
      family === 4 ? 'RFC 791; RFC 1812 5.3.1; RFC 792' : 'RFC 8200 3; RFC 4443 3.3',
    );
  const mtu = to.settings.mtu ?? 1500;
  if (size <= mtu || !(dontFragment || family === 6)) return undefined;
  return cause(
    `The packet has ${size} octets and must not be cut, and ${to.label} sends none beyond its MTU of ${mtu}: ${name} drops it and tells ${packet.src} so (${family === 4 ? 'fragmentation needed' : 'packet too big'}).`,
    `Raise the MTU of ${to.label} to ${size}, or send smaller packets.`,
    family === 4 ? 'RFC 1191 3; RFC 792' : 'RFC 8200 5; RFC 4443 3.2',
  );
}
