import { localText } from '../../devices/local.js';
import { canonicalIp, destination, familyOf, samePrefix, startOf } from '../address.js';
import type { Address, Route, Stack } from '../lab.js';
import { under, type Path, type Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { CONNECTED_METRIC, USUAL_METRIC } from '../tables.js';
import { gatewayDevice } from './gateways.js';
import { tableIn, vrfProblems, type StackVrf, type TableOf } from './vrfs.js';

type Spec = NodeSpec['routes'][number];

/** What the routes and rules of a node are read with. */
export interface RouteContext {
  /** The stack and device that a local name means, or a problem. */
  readonly find: (text: string, path: Path) => readonly [Stack, string] | undefined;
  /** Addresses of the node, in the order in which they bring their routes. */
  readonly addresses: readonly Address[];
  readonly vrfs: readonly StackVrf[];
  readonly base: Path;
  readonly report: (...problems: readonly Problem[]) => void;
}

/** A place in the stack that a route or rule names by `namespace`. */
export const localName = (namespace: string | undefined, name = 'lo'): string =>
  localText({ namespace, name });

/** Static routes, each with the device by which it leaves; what the kernel would refuse is reported. */
export function resolveRoutes(specs: readonly Spec[], around: RouteContext): readonly Route[] {
  const made: Route[] = [];
  for (const [index, spec] of specs.entries()) {
    const path: Path = ['routes', index];
    const place = spec.dev === undefined ? 'namespace' : 'dev';
    const found = around.find(localName(spec.namespace, spec.dev), [...path, place]);
    if (!found) continue;
    const vrf = around.vrfs.find(({ stack, name }) => stack === found[0].id && name === spec.vrf);
    const route = routeOf(spec, found[0].id, vrf);
    const tableOf = tableIn(around.vrfs);
    const own = around.addresses.filter(({ stack }) => stack === route.stack);
    const before = made.filter(({ stack }) => stack === route.stack);
    const problems = [
      ...vrfProblems(spec, vrf, around.vrfs),
      ...formProblems(spec, route),
      ...sourceProblems(spec, route, own),
      ...twice(route, own, before, tableOf),
    ];
    const { via } = route;
    const isAsked = problems.length === 0 && via !== undefined;
    const device = isAsked ? gatewayDevice({ ...route, via }, own, before, tableOf) : route.device;
    if (isAsked) problems.push(...gatewayProblems({ ...route, via }, device, own));
    around.report(...problems.map((problem) => under([...around.base, ...path], problem)));
    // What is refused is not there for those behind it.
    if (problems.length === 0) made.push({ ...route, device });
  }
  return made;
}

/** A route as it is written, and what is left out filled in. */
function routeOf(spec: Spec, stack: string, vrf: StackVrf | undefined): Route {
  const { to, type, dev: device, table } = spec;
  const family = familyOf(to === 'default' ? (spec.via ?? spec.src ?? '') : to);
  return {
    ...{ stack, family, to, type, device, table: vrf?.table ?? table },
    via: spec.via && canonicalIp(spec.via),
    src: spec.src && canonicalIp(spec.src),
    metric: spec.metric || USUAL_METRIC[family],
  };
}

/** Parts of a route that do not go together. */
function formProblems(spec: Spec, route: Route): readonly Problem[] {
  const { to, type, via, family } = route;
  const wrong = (key: keyof Spec, what: string, fix: string): Problem => ({
    ...{ code: 'topology/wrong-value', path: [key], what, fix },
  });
  if (type !== 'unicast')
    return (['via', 'dev', 'src'] as const).flatMap((key) =>
      spec[key] === undefined
        ? []
        : [wrong(key, `A route of type \`${type}\` leads nowhere.`, `remove \`${key}:\``)],
    );
  if (via === undefined && spec.dev === undefined)
    return [
      {
        code: 'topology/missing-key',
        path: [],
        what: 'A route needs a next hop or a device.',
        fix: 'add `via:` or `dev:`',
      },
    ];
  if (via !== undefined && familyOf(via) !== family)
    return [
      wrong(
        'via',
        `The next hop ${via} of ${to} is of the other IP version.`,
        `write an IPv${family} address`,
      ),
    ];
  const prefix = destination(to, family);
  const start = startOf(prefix);
  return family === 4 && start !== prefix.ip
    ? [wrong('to', `${to} is no prefix.`, `write \`${start}/${prefix.prefix}\``)]
    : [];
}

/** A source address that the stack does not have. (net/ipv4/fib_semantics.c, fib_valid_prefsrc) */
function sourceProblems({ src }: Spec, route: Route, own: readonly Address[]): readonly Problem[] {
  if (src === undefined || own.some(({ ip }) => ip === route.src)) return [];
  return [
    {
      code: 'topology/wrong-value',
      path: ['src'],
      what: `${src} is no address of ${route.stack}, so the kernel refuses the route.`,
      why: tell(own),
      fix: 'write one of its addresses, or give it this one under `addresses`',
    },
  ];
}

/** A route that is there already: to one prefix a table has one route of each metric, that of an address included. */
function twice(
  route: Route,
  own: readonly Address[],
  before: readonly Route[],
  tableOf: TableOf,
): readonly Problem[] {
  const { family, metric, table, to } = route;
  const prefix = destination(to, family);
  // An IPv4 address by itself brings no route.
  const connected =
    metric === CONNECTED_METRIC[family]
      ? own.find(
          (one) =>
            tableOf(one) === table && samePrefix(one, prefix) && (family === 6 || one.prefix < 32),
        )
      : undefined;
  const isThere = before.some(
    (one) =>
      one.table === table &&
      one.metric === metric &&
      samePrefix(destination(one.to, family), prefix),
  );
  if (!isThere && !connected) return [];
  return [
    {
      code: 'topology/duplicate-route',
      path: ['to'],
      what: `${route.stack} has a route to ${to} of metric ${metric} already, so the kernel refuses this one.`,
      ...(connected && {
        why: `it comes with the address ${connected.ip}/${connected.prefix} of ${connected.device}`,
      }),
      fix: 'give it another `metric:` or `table:`, or remove it',
    },
  ];
}

function gatewayProblems(
  { stack: id, via, family, device: written }: Route & { via: string },
  device: string | undefined,
  own: readonly Address[],
): readonly Problem[] {
  const problem = (what: string, fix: string): readonly Problem[] => [
    { code: 'topology/unreachable-gateway', path: ['via'], what, why: tell(own), fix },
  ];
  // IPv4 takes such a route (held against the kernel in test/netns).
  if (family === 6 && own.some(({ ip }) => ip === via))
    return problem(
      `The next hop ${via} is an address of ${id} itself.`,
      'write the address of a neighbour',
    );
  if (device !== undefined) return [];
  const where = written === undefined ? id : `${id}:${written}`;
  return problem(
    `The next hop ${via} is in no subnet of ${where}, so the kernel refuses the route.`,
    `write a next hop in one of its subnets, give \`${id}\` an address in the subnet of ${via}, or write a route to ${via} with \`dev:\` before this one`,
  );
}

const tell = (own: readonly Address[]): string =>
  own.length === 0
    ? 'it has no address'
    : `its addresses are ${own.map(({ ip, prefix, device }) => `${ip}/${prefix} (${device})`).join(', ')}`;
