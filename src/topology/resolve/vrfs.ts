import { parseLocal } from '../../devices/local.js';
import { deviceKind } from '../kinds.js';
import type { Address } from '../lab.js';
import type { Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { didYouMean } from '../suggest.js';
import { TABLES } from '../tables.js';

/** A VRF: the routing table of some devices of a stack. */
export interface StackVrf {
  /** Id of the stack. */
  readonly stack: string;
  readonly name: string;
  readonly table: number;
  readonly members: readonly string[];
}

/** The table that the routes of an address go into. */
export type TableOf = (address: Pick<Address, 'stack' | 'device'>) => number;

/** The VRFs of a node. */
export const vrfsOf = (
  { devices }: NodeSpec,
  stackId: (namespace: string | undefined) => string,
): readonly StackVrf[] =>
  devices.flatMap((device) => {
    const vrf = deviceKind(device.kind).vrf?.(device);
    const { name, namespace } = parseLocal(device.name);
    return vrf ? [{ stack: stackId(namespace), name, ...vrf }] : [];
  });

/** Which table the routes of addresses go into: that of the VRF of their device, or `main`. */
export const tableIn =
  (vrfs: readonly StackVrf[]): TableOf =>
  ({ stack, device }) =>
    vrfs.find((vrf) => vrf.stack === stack && vrf.members.includes(device))?.table ?? TABLES.main;

/** A route into a VRF that is not there, or into another table as well. */
export function vrfProblems(
  { vrf: name, table }: NodeSpec['routes'][number],
  vrf: StackVrf | undefined,
  vrfs: readonly StackVrf[],
): readonly Problem[] {
  if (name === undefined) return [];
  if (!vrf)
    return [
      {
        ...{ code: 'topology/unknown-device', path: ['vrf'] },
        what: `There is no VRF \`${name}\` in this stack.`,
        fix: () =>
          didYouMean(
            name,
            vrfs.map((one) => one.name),
          ),
      },
    ];
  if (table === TABLES.main) return [];
  return [
    {
      ...{ code: 'topology/wrong-value', path: ['table'] },
      what: `The route goes into the table of \`${name}\`, which is ${vrf.table}.`,
      fix: 'remove `table:` or `vrf:`',
    },
  ];
}
