import { isOnMachine } from '../../where.js';
import type { Owned, Step } from '../step.js';
import type { Act, Resource } from './define.js';
import { resourceType } from './index.js';
import { inOrder, type Placed } from './order.js';

/** The commands of resources, as steps. Pure. */

/** The steps that make all of a lab, in the order of the resources. */
export const stepsOf = (resources: readonly Resource[]): readonly Step[] =>
  makingOf(inOrder(resources), makeSteps);

/** The same for a reader: what each needs and makes is said of the resources. */
export const stepsToRead = (resources: readonly Resource[]): readonly Step[] =>
  makingOf(inOrder(resources), (one, { stage }) => makeSteps(one, { stage }));

/** The steps of resources that are in order. */
export function makingOf(
  order: readonly Placed[],
  stepsFor: (one: Resource, at: Placed) => readonly Step[],
): readonly Step[] {
  const all: Step[] = [];
  for (const placed of order) for (const step of stepsFor(placed.resource, placed)) all.push(step);
  return all;
}

/** What a resource owns: what is on this host with the lab's mark because of it. What is in a guest goes with the guest. */
export const ownedBy = (resource: Resource): readonly Owned[] =>
  isOnMachine(resource.where) ? namedBy(resource) : [];

/** What of the machine that holds the lab is made because of a resource. Where its first command makes nothing such, none does. */
export function namedBy(resource: Resource): readonly Owned[] {
  const type = resourceType(resource.type);
  const first = type.owns?.(resource.wanted, resource.where);
  if (!first) return [];
  return [first, ...type.make(resource.wanted, resource).flatMap(({ owns }) => owns ?? [])];
}

/** The place of a resource among others: its stage alone is enough for a reader. */
type Place = Pick<Placed, 'stage'> & Partial<Pick<Placed, 'at' | 'after' | 'makes'>>;

/**
 * The steps that make a resource. The first can be taken back where the lab has to.
 * @param place - by itself, it is where its type has it
 */
export function makeSteps(resource: Resource, place?: Place): readonly Step[] {
  const type = resourceType(resource.type);
  const acts = type.make(resource.wanted, resource);
  const steps = acts.map((act, index) => stepOf(resource, act, place, index, acts.length));
  const owns = isOnMachine(resource.where)
    ? type.owns?.(resource.wanted, resource.where)
    : undefined;
  const [first] = steps;
  if (!first || (!owns && !type.lasting)) return steps;
  const [undo] = type.remove?.(resource.wanted, resource) ?? [];
  return [{ ...first, ...(undo && { undo: undo.do }), ...(owns && { owns }) }, ...steps.slice(1)];
}

/** The steps that take a resource away, what it is in staying; nothing where it cannot go by itself. */
export const removeSteps = (resource: Resource): readonly Step[] | undefined =>
  resourceType(resource.type)
    .remove?.(resource.wanted, resource)
    ?.map((act, index) => ({
      ...stepOf(resource, act),
      id: index === 0 ? `remove ${resource.id}` : `remove ${resource.id} ${index + 1}`,
      why: `remove: ${act.why ?? resource.why}`,
    }));

/** The steps that turn a resource into another of its id, or why there are none. */
export function changeSteps(
  old: Resource,
  resource: Resource,
  place?: Place,
): readonly Step[] | string {
  const type = resourceType(resource.type);
  const acts = type.change?.(old.wanted, resource.wanted, resource);
  if (acts === undefined) return `no ${type.noun} can be changed`;
  if (typeof acts === 'string') return acts;
  return acts.map((act, index) => ({
    ...stepOf(resource, act, place, index, acts.length),
    id: index === 0 ? `change ${resource.id}` : `change ${resource.id} ${index + 1}`,
    why: `change: ${act.why ?? resource.why}`,
  }));
}

/** One of so many commands. The first waits for what the resource needs; with the last the resource is there. */
function stepOf(resource: Resource, act: Act, place?: Place, index = 0, count = 1): Step {
  const { id, type, where, lane, wanted, why } = resource;
  return {
    id: act.name === undefined ? id : `${id} ${act.name}`,
    stage: place ? place.stage : resourceType(type).stage(where, wanted),
    lane,
    after: index === 0 && place?.after?.length ? place.after : undefined,
    at: index === count - 1 && place?.makes?.length ? place.at : undefined,
    where: act.where ?? where,
    do: act.do,
    why: act.why ?? why,
    ...(act.owns && isOnMachine(where) && { owns: act.owns }),
  };
}
