import { sameSubnet } from '../topology/address.js';
import { groupBy } from '../group-by.js';
import { hopId } from '../hops/graph.js';
import type { Exchange } from '../ip/exchange.js';
import { vrfOf, type IpStacks } from '../ip/stack.js';
import type { Spoken } from '../ip/talk.js';
import type { Address } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';
import type { Around, Endpoint, Forgetting, ProbeEnds } from './define.js';

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

/** The first addresses of a family that both ends have, whatever is between them. */
function anyPair(ends: ProbeEnds, families: readonly (4 | 6)[]): AddressPair | undefined {
  const of = (side: readonly Endpoint[], family: 4 | 6) =>
    side.flatMap((end) =>
      end.addresses
        .filter((address) => address.family === family)
        .map((address): readonly [Endpoint, Address] => [end, address]),
    );
  for (const family of families) {
    const [source] = of(ends.from, family);
    const [target] = of(ends.to, family);
    if (source && target)
      return { from: source[0], source: source[1], to: target[0], target: target[1] };
  }
  return undefined;
}

/** Two ends in different subnets are reached by routes; those in one by the device that is in it. */
function pairFor(
  ends: ProbeEnds,
  families: readonly (4 | 6)[],
): { readonly pair: AddressPair; readonly isRouted: boolean } | readonly Problem[] {
  const near = findPair(ends, families);
  if ('from' in near) return { pair: near, isRouted: false };
  const far = anyPair(ends, families);
  return far ? { pair: far, isRouted: true } : near;
}

/** Two ends as who talks over IP needs them. */
type Meeting = Pick<Exchange, 'stack' | 'source' | 'target' | 'end' | 'family' | 'bound'>;

/** The ends of a conversation over IP, on one segment or with routers between them. */
export function meeting(
  ends: ProbeEnds,
  families: readonly (4 | 6)[],
  { model, stacks }: Around,
):
  | (Meeting & {
      readonly pair: AddressPair;
      readonly isRouted: boolean;
      /** Has the end that begins several addresses of the family? Of several the kernel would take the first. */
      readonly several: boolean;
    })
  | readonly Problem[] {
  const found = pairFor(ends, families);
  if (!('pair' in found)) return found;
  const { pair, isRouted } = found;
  const { from, source, target } = pair;
  const { family } = target;
  const stack = stacks.get(from.stack.id);
  if (!stack) throw new RangeError(`${from.stack.id} has no IP stack`);
  // A VRF has the addresses of its members.
  const end = model.graph.place(hopId(target.stack, target.device)).hop;
  const vrf = stack.devices.find(({ device }) => device === vrfOf(stack, source.device)?.device);
  return {
    ...{ pair, isRouted, stack, source: source.ip, target: target.ip, end, family },
    bound: isRouted ? vrf : from.hop,
    several: from.addresses.filter((own) => own.family === family).length > 1,
  };
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

/** Neighbour tables that a probe changes by which a pair talks, by their devices. */
export const tablesOf = (
  { from, to }: AddressPair,
  spoken: readonly Spoken[],
): readonly string[] => [
  ...new Set([
    ...[from.hop.id, to.hop.id],
    ...spoken.flatMap(({ from: asking, to: asked }) => [asking.id, asked.id]),
  ]),
];
