import { sameSubnet } from '../topology/address.js';
import { groupBy } from '../group-by.js';
import type { IpStacks } from '../ip/stack.js';
import type { Spoken } from '../ip/talk.js';
import type { Address } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';
import type { Endpoint, Forgetting, ProbeEnds } from './define.js';

/** Two ends of a probe with addresses of one subnet. */
export interface AddressPair {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly source: Address;
  readonly target: Address;
}

/** Addresses that no other device has come first: who answers for the others is open. */
function own(addresses: readonly Address[]): readonly Address[] {
  const others = addresses.filter(({ duplicate }) => duplicate === true);
  if (others.length === 0) return addresses;
  return [...addresses.filter(({ duplicate }) => duplicate !== true), ...others];
}

/** The first pair of addresses that share a subnet, of one of the families in the order of preference. */
export function findPair(
  ends: ProbeEnds,
  families: readonly (4 | 6)[],
): AddressPair | readonly Problem[] {
  for (const family of families) {
    for (const from of ends.from) {
      for (const to of ends.to) {
        for (const source of own(from.addresses)) {
          const target = own(to.addresses).find(
            (address) =>
              address.family === family && sameSubnet(source, address) && address.ip !== source.ip,
          );
          if (target) return { from, to, source, target };
        }
      }
    }
  }
  const show = (side: readonly Endpoint[]): string =>
    side
      .flatMap(({ addresses }) => addresses.map(({ ip, prefix }) => `${ip}/${prefix}`))
      .join(', ') || 'none';
  return [
    {
      code: 'topology/no-common-subnet',
      path: ['to'],
      what: `The ends have no IPv${families.join(' or IPv')} addresses of one subnet.`,
      why: `one end has ${show(ends.from)}, the other ${show(ends.to)}`,
      fix: 'give both ends addresses of one subnet under `addresses`',
    },
  ];
}

/**
 * Let stacks forget whom they know at the devices of a conversation, so that they ask anew.
 * @param sizes - must they not remember either how long a packet may be?
 */
export function forgettingAll(
  spoken: readonly Spoken[],
  stacks: IpStacks,
  family: 4 | 6,
  sizes: boolean,
): readonly Forgetting[] {
  const devices = new Map(
    spoken
      .flatMap(({ from, to }) => [from, to])
      .flatMap((hop) => (hop.device === '' ? [] : [[hop.id, hop] as const])),
  );
  return [...groupBy([...devices.values()], ({ stack }) => stack)].flatMap(([id, hops]) => {
    const stack = stacks.get(id)?.stack;
    const neighbours = hops.map(({ device }) => ({ device, family }));
    return stack ? [{ stack, neighbours, sizes }] : [];
  });
}

/** Neighbour tables that a probe of this pair changes. */
export const tablesOf = ({ from, to }: AddressPair): readonly string[] => [from.hop.id, to.hop.id];
