import { canonicalIp, covers, splitCidr, type Cidr } from '../address.js';
import type { Address, Route, Stack } from '../lab.js';
import type { Path, Problem } from '../problem.js';

/** A route, with where the file has it. */
export interface WrittenRoute extends Route {
  readonly path: Path;
}

/** An IPv6 address of one cable alone (RFC 4291, 2.5.6), which every device with IPv6 reaches. */
const isLinkLocal = (ip: string): boolean => /^fe[89ab]/.test(ip);

const show = ({ ip, prefix }: Cidr): string => `${ip}/${prefix}`;

/**
 * Next hops to which the kernel has no way when it gets the route: it takes those that an address of the stack, or a
 * route before that names a device alone, reaches (net/ipv4/fib_semantics.c, fib_check_nh).
 */
export function gatewayProblems(
  stacks: readonly Stack[],
  addresses: readonly Address[],
  routes: readonly WrittenRoute[],
): readonly Problem[] {
  return stacks.flatMap(({ id }) => {
    const own = addresses.filter(({ stack }) => stack === id);
    const table = routes.filter(({ stack }) => stack === id);
    return table.flatMap((route, index): readonly Problem[] => {
      const { via, device, path } = route;
      if (via === undefined || (isLinkLocal(via) && device !== undefined)) return [];
      const problem = (what: string, fix: string): readonly Problem[] => [
        { code: 'topology/unreachable-gateway', path: [...path, 'via'], what, why: tell(own), fix },
      ];
      // IPv4 takes such a route (held against the kernel in test/netns).
      if (via.includes(':') && own.some(({ ip }) => ip === via))
        return problem(
          `The next hop ${via} is an address of ${id} itself.`,
          'write the address of a neighbour',
        );
      const before = table.slice(0, index).filter((one) => one.via === undefined);
      const onDevice = <T extends { readonly device: string | undefined }>(all: readonly T[]) =>
        all.filter((one) => device === undefined || one.device === device);
      const reached =
        onDevice(own).some((address) => covers(address, via)) ||
        onDevice(before).some(({ to }) => to === 'default' || covers(splitCidr(to), via));
      if (reached) return [];
      const where = device === undefined ? id : `${id}:${device}`;
      return problem(
        `The next hop ${canonicalIp(via)} is in no subnet of ${where}, so the kernel refuses the route.`,
        `write a next hop in one of its subnets, give \`${id}\` an address in the subnet of ${via}, or write a route to ${via} with \`dev:\` before this one`,
      );
    });
  });
}

const tell = (own: readonly Address[]): string =>
  own.length === 0
    ? 'it has no address'
    : `its addresses are ${own.map((address) => `${show(address)} (${address.device})`).join(', ')}`;
