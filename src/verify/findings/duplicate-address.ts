import { isProxy } from '../../ip/resolution.js';
import { stacksOf } from '../../ip/stack.js';
import type { Finding, FindingContext, FindingKind } from './define.js';
import { holders } from './holders.js';
import { THIS_HOST, type Lab } from '../../topology/lab.js';

type Found = Omit<Finding, 'kind'>;

const WHY = 'The topology gives every stack addresses of its own.';

/** Does the topology itself give the address to each of these stacks, in domains that do not meet or because it is meant? */
const given = ({ nodes }: Lab, ip: string, stacks: readonly string[]): boolean => {
  const own = nodes.flatMap(({ addresses }) => addresses.filter((address) => address.ip === ip));
  return stacks.every((stack) => own.some((address) => address.stack === stack));
};

/** Stack of a hop by its id. */
const stackOf = (id: string): string => id.split(' ')[0] ?? '';

/** Addresses that two MACs of different stacks, or of something unknown, claimed in ARP packets that were captured. */
function claimedTwice(
  { claims, lab, graph, state }: FindingContext,
  known: ReadonlySet<string>,
): readonly Found[] {
  const stackByMac = new Map<string, string>();
  for (const { stack, settings } of graph.hops.values())
    if (settings.mac !== undefined && stack !== THIS_HOST) stackByMac.set(settings.mac, stack);
  for (const [stack, devices] of state)
    if (stack !== THIS_HOST) for (const { mac } of devices) stackByMac.set(mac, stack);
  const macs = new Map<string, Set<string>>();
  // A router with proxy ARP answers for others, as it was told to.
  const proxies = new Set(
    [...stacksOf(lab, graph)].flatMap(([id, stack]) => (isProxy(stack) ? [id] : [])),
  );
  for (const { ip, mac } of claims.filter(({ mac }) => !proxies.has(stackByMac.get(mac) ?? '')))
    macs.set(ip, (macs.get(ip) ?? new Set()).add(mac));
  return [...macs].flatMap(([ip, all]): Found[] => {
    // One stack may answer by each of its devices (arp_ignore, Documentation/networking/ip-sysctl.rst).
    const stacks = new Set([...all].map((mac) => stackByMac.get(mac) ?? mac));
    if (stacks.size < 2 || known.has(ip) || given(lab, ip, [...stacks])) return [];
    const where = [...all].map((mac) => `${stackByMac.get(mac) ?? 'something unknown'} (${mac})`);
    return [
      {
        severity: 'error',
        where,
        what: `${where.join(' and ')} both say in ARP that they are ${ip}.`,
        why: WHY,
        fix: 'Take the address from one of them (`ip addr del`), and find out what the unknown one is.',
      },
    ];
  });
}

/** One IP address in two stacks, by their devices or by what they said. */
export const duplicateAddress: FindingKind = {
  kind: 'duplicate-address',
  doc: 'Two stacks have the same IP address, or two MACs claim one in ARP (RFC 5227). Link-local addresses do not count.',
  find(context) {
    const held = holders(context.state, ({ addresses }) => addresses).filter(
      ({ what, holders: all }) => !given(context.lab, what, all.map(stackOf)),
    );
    const onDevices = held.map(({ what, where }): Found => ({
      severity: 'error',
      where,
      what: `${where.join(' and ')} have the same address, ${what}.`,
      why: WHY,
      fix: 'Take the address from one of them (`ip addr del`).',
    }));
    return [...onDevices, ...claimedTwice(context, new Set(held.map(({ what }) => what)))];
  },
};
