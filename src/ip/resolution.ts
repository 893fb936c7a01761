import type { Cause, Hop } from '../hops/types.js';
import { covers, familyOf } from '../topology/address.js';
import { badSource } from './accept.js';
import { routeTo } from './routes.js';
import { forwards, greater, type IpStack } from './stack.js';

/** Who answers when somebody asks for an address: Linux net/ipv4/arp.c, arp_process; net/ipv6/ndisc.c, ndisc_recv_ns. */

/** `own`: it has the address. `proxy`: it answers for somebody else, and routes. */
export type Answer =
  | { readonly kind: 'own' | 'proxy' }
  | ({ readonly kind: 'silent' } & Cause)
  /** It has nothing to do with the address. */
  | { readonly kind: 'stranger' };

const silent = (reason: string, remedy: string, source: string): Answer => ({
  ...{ kind: 'silent', reason, remedy, source },
});

const ARP = 'Linux net/ipv4/arp.c';

/** Does a stack answer an ARP request or a neighbour solicitation that comes to it by a device? Pure. */
export function answerTo(
  stack: IpStack,
  device: Hop,
  { sender, target }: { readonly sender: string; readonly target: string },
): Answer {
  if (familyOf(target) === 6) return answerSolicitation(stack, device, target);
  const decision = routeTo(stack, { dst: target, src: sender, iif: device });
  const source = badSource(stack, device, { src: sender, dst: target });
  if (decision.kind === 'local')
    return source ? { kind: 'silent', ...source } : ownAnswer(stack, device, sender, target);
  const isProxy = decision.kind === 'out' && proxies(stack, device, decision.device);
  return isProxy && !source ? { kind: 'proxy' } : { kind: 'stranger' };
}

function ownAnswer(stack: IpStack, device: Hop, sender: string, target: string): Answer {
  const ignore = greater(stack, device, 'arp_ignore');
  const own = stack.addresses.filter((address) => address.device === device.device);
  const hasIt = own.some(({ ip }) => ip === target);
  const isNear = (): boolean =>
    own.some((address) => covers(address, target) && covers(address, sender));
  if (ignore >= 8 || (ignore >= 1 && !hasIt) || (ignore === 2 && !isNear()))
    return silent(
      `${stack.stack.id} does not answer for ${target} at ${device.label}: arp_ignore is ${ignore}${hasIt ? '' : `, and ${device.label} does not have that address`}.`,
      `Ask at the device that has the address, or set net.ipv4.conf.${device.device}.arp_ignore to 0, also for \`all\`.`,
      `${ARP}: arp_ignore; Documentation/networking/ip-sysctl.rst`,
    );
  if (greater(stack, device, 'arp_filter') === 0) return { kind: 'own' };
  const back = routeTo(stack, { dst: sender, src: target, within: device });
  if (back.kind !== 'out' || back.device.id !== device.id)
    return silent(
      `${stack.stack.id} does not answer at ${device.label}: arp_filter is on, and its route to ${sender} leads out by ${back.kind === 'out' ? back.device.label : 'no device'}.`,
      `Set net.ipv4.conf.${device.device}.arp_filter to 0, also for \`all\`, or let the route to ${sender} lead out by ${device.label}.`,
      `${ARP}: arp_filter; Documentation/networking/ip-sysctl.rst`,
    );
  return { kind: 'own' };
}

/** Does a router answer for an address that it would route to? (arp_fwd_proxy, arp_fwd_pvlan) */
const proxies = (stack: IpStack, device: Hop, out: Hop): boolean =>
  forwards(stack, device, 4) &&
  greater(stack, device, out.id === device.id ? 'proxy_arp_pvlan' : 'proxy_arp') !== 0;

/** Does a stack answer for addresses of others anywhere? */
export const isProxy = ({ sysctls }: IpStack): boolean =>
  sysctls.some(([key, value]) => /\.proxy_arp(_pvlan)?$/.test(key) && value !== '0');

const answerSolicitation = ({ addresses }: IpStack, device: Hop, target: string): Answer => ({
  kind: addresses.some(({ ip, device: at }) => ip === target && at === device.device)
    ? 'own'
    : 'stranger',
});
