import type { LabModel } from '../hops/model.js';
import { prepareChecks } from '../probes/prepare.js';
import { phasesOf } from '../topology/cut.js';
import type { Check, Lab } from '../topology/lab.js';
import type { Change } from './resources/difference.js';

/** The checks of a lab, as far as nothing is done before them, that cross what a change has touched, as the model has their way. Pure. */
export function touchedChecks(
  lab: Lab,
  model: LabModel,
  changes: readonly Change[],
): readonly Check[] {
  const devices = new Set(changes.flatMap(devicesOf));
  const stacks = new Set(changes.flatMap(stacksOf));
  const [first] = phasesOf(lab);
  return prepareChecks({ ...lab, checks: first?.checks ?? [], steps: [] }, model)
    .checks.filter(({ hops }) => hops.some(({ id, stack }) => devices.has(id) || stacks.has(stack)))
    .map(({ probe }) => probe.check);
}

/** Names of devices and of stacks are told apart by this: ids of hops have it. */
const isDevice = (name: string): boolean => name.includes(' ');

const namesOf = ({ old, wanted }: Change): readonly string[] =>
  [old, wanted].flatMap((one) => (one ? [...(one.makes ?? []), ...one.in] : []));

const devicesOf = (change: Change): readonly string[] => namesOf(change).filter(isDevice);

/** What is in a stack and on none of its devices concerns all of it. */
const stacksOf = (change: Change): readonly string[] => {
  const names = namesOf(change);
  return names.some(isDevice) ? [] : names;
};
