import { z } from 'zod';
import type { OvsTree, TreeProtocol } from '../hops/ovs-tree.js';
import { numbersFor } from '../plan/names.js';
import type { Problem } from '../topology/problem.js';

/** Spanning tree of an Open vSwitch bridge, as a link writes it: ovs-vswitchd.conf.db(5). */

export const ovsTreeFields = {
  stp: z
    .boolean()
    .default(false)
    .describe(
      'Run the spanning tree protocol of Open vSwitch (IEEE 802.1D-1998); ports forward after 8 seconds',
    ),
  rstp: z
    .boolean()
    .default(false)
    .describe(
      'Run the rapid spanning tree protocol of Open vSwitch (IEEE 802.1D-2004); with neighbours that speak STP it does so too',
    ),
  priority: z
    .int()
    .min(0)
    .max(65535)
    .default(0x8000)
    .describe(
      'Of spanning tree: upper half of the identifier of the bridge; the lowest identifier is the root. RSTP takes multiples of 4096',
    ),
};

export const ovsTreePortFields = {
  cost: z
    .int()
    .min(1)
    .max(200_000_000)
    .optional()
    .describe(
      'Of spanning tree: what a way over this port costs; by the speed of its device when left out. STP takes at most 65535',
    ),
  priority: z
    .int()
    .min(0)
    .max(255)
    .default(128)
    .describe(
      'Of spanning tree: upper half of the identifier of the port; the lowest is preferred. The lower half is derived from the name of the port. RSTP takes multiples of 16',
    ),
};

interface Port {
  readonly port: string;
  readonly cost?: number | undefined;
  readonly priority: number;
}

interface Spec {
  readonly ends: readonly Port[];
  readonly stp: boolean;
  readonly rstp: boolean;
  readonly priority: number;
}

const protocolOf = ({ stp, rstp }: Spec): TreeProtocol | undefined =>
  rstp ? 'rstp' : stp ? 'stp' : undefined;

/** The highest number that a port can have: lib/stp.h, STP_MAX_PORTS; lib/rstp.h, RSTP_MAX_PORTS. */
const PORTS = { stp: 255, rstp: 4095 } as const;

/** What one of the two protocols does not take. */
export function ovsTreeProblems(spec: Spec): readonly Problem[] {
  const { ends, stp, rstp, priority } = spec;
  const wrong = (path: Problem['path'], what: string, fix: string): Problem => ({
    ...{ code: 'topology/wrong-value', path, what, fix },
  });
  const step = (path: Problem['path'], value: number, by: number): readonly Problem[] =>
    rstp && value % by !== 0
      ? [
          wrong(
            path,
            `RSTP has no priority ${value}.`,
            `write a multiple of ${by}, such as ${value - (value % by)}`,
          ),
        ]
      : [];
  return [
    ...(stp && rstp
      ? [wrong(['rstp'], 'A bridge speaks STP or RSTP.', 'remove one of `stp:` and `rstp:`')]
      : []),
    ...tooMany(ends.length, protocolOf(spec)).map((what) =>
      wrong(['ends'], what, 'make several bridges of it'),
    ),
    ...step(['priority'], priority, 4096),
    ...ends.flatMap((end, index) => [
      ...step(['ends', index, 'priority'], end.priority, 16),
      ...(!rstp && end.cost !== undefined && end.cost > 65_535
        ? [wrong(['ends', index, 'cost'], `STP has no cost ${end.cost}.`, 'write at most 65535')]
        : []),
    ]),
  ];
}

const tooMany = (ends: number, protocol: TreeProtocol | undefined): readonly string[] =>
  protocol !== undefined && ends > PORTS[protocol]
    ? [
        `${protocol.toUpperCase()} has no more than ${PORTS[protocol]} ports, and these are ${ends}.`,
      ]
    : [];

/** The part of the bridge in the spanning tree; nothing where it takes none. */
export function ovsTree(
  spec: Spec,
  mac: string,
  idOf: (port: string) => string,
): OvsTree | undefined {
  const protocol = protocolOf(spec);
  if (!protocol) return undefined;
  const numberOf = numbersFor(
    spec.ends.map(({ port }) => port),
    PORTS[protocol],
  );
  return {
    ...{ protocol, priority: spec.priority, mac },
    ports: Object.fromEntries(
      spec.ends.map(({ port, priority, cost }) => [
        idOf(port),
        { number: numberOf(port), priority, cost },
      ]),
    ),
  };
}

/** Seconds: the least that IEEE 802.1D allows, so that ports forward soon; the greatest age decides how long a port listens. */
const TIMES = { 'forward-delay': 4, 'max-age': 6 } as const;

/** Columns of the table Bridge. */
export const treeOfBridge = (tree: OvsTree | undefined): readonly string[] =>
  tree
    ? [
        `${tree.protocol}_enable=true`,
        ...Object.entries({ priority: tree.priority, ...TIMES }).map(
          ([key, value]) => `other_config:${tree.protocol}-${key}=${value}`,
        ),
      ]
    : [];

/** Columns of the table Port. Left to itself Open vSwitch would number the ports in no order. */
export function treeOfPort(tree: OvsTree | undefined, port: string): readonly string[] {
  const settings = tree?.ports[port];
  if (!tree || !settings) return [];
  return Object.entries({
    'port-num': settings.number,
    'port-priority': settings.priority,
    ...(settings.cost !== undefined && { 'path-cost': settings.cost }),
  }).map(([key, value]) => `other_config:${tree.protocol}-${key}=${value}`);
}
