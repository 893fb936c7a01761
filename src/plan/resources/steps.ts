import { LOCAL, type Owned, type Step } from '../step.js';
import type { Act, Resource } from './define.js';
import { resourceType } from './index.js';
import { inOrder, thingsOf, type Placed } from './order.js';

/** The commands of resources, as steps. Pure. */

/** The steps that make all of a lab, in the order of the resources. */
export const stepsOf = (resources: readonly Resource[]): readonly Step[] =>
  makingOf(inOrder(resources, thingsOf(resources)), makeSteps);

/** The steps of resources that are in order. The first waits for what the resource needs; with the last it is there. */
export function makingOf(
  order: readonly Placed[],
  stepsFor: (one: Resource) => readonly Step[],
): readonly Step[] {
  const all: Step[] = [];
  for (const { resource, stage, makes, needs } of order) {
    const steps = stepsFor(resource);
    for (const [index, step] of steps.entries())
      all.push({
        ...step,
        stage,
        ...(index === 0 && needs.length > 0 && { needs }),
        ...(index === steps.length - 1 && makes.length > 0 && { makes }),
      });
  }
  return all;
}

/** What a resource owns: what is on this host with the lab's mark because of it. What is in a guest goes with the guest. */
export const ownedBy = (resource: Resource): readonly Owned[] =>
  isOnMachine(resource) ? namedBy(resource) : [];

const isOnMachine = ({ where }: Resource): boolean => where.host === LOCAL.host;

/** What of the machine that holds the lab is made because of a resource. Where its first command makes nothing such, none does. */
export function namedBy(resource: Resource): readonly Owned[] {
  const type = resourceType(resource.type);
  const first = type.owns?.(resource.wanted, resource.where);
  if (!first) return [];
  return [first, ...type.make(resource.wanted, resource).flatMap(({ owns }) => owns ?? [])];
}

/** The steps that make a resource. The first can be taken back where the lab has to. */
export function makeSteps(resource: Resource): readonly Step[] {
  const type = resourceType(resource.type);
  const steps = type.make(resource.wanted, resource).map((act) => stepOf(resource, act));
  const [owns] = ownedBy(resource);
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
export function changeSteps(old: Resource, resource: Resource): readonly Step[] | string {
  const type = resourceType(resource.type);
  const acts = type.change?.(old.wanted, resource.wanted, resource);
  if (acts === undefined) return `no ${type.noun} can be changed`;
  if (typeof acts === 'string') return acts;
  return acts.map((act, index) => ({
    ...stepOf(resource, act),
    id: index === 0 ? `change ${resource.id}` : `change ${resource.id} ${index + 1}`,
    why: `change: ${act.why ?? resource.why}`,
  }));
}

function stepOf(resource: Resource, act: Act): Step {
  const { id, type, where, lane, wanted, why } = resource;
  const step = {
    id: act.name === undefined ? id : `${id} ${act.name}`,
    stage: resourceType(type).stage(where, wanted),
    lane,
    where: act.where ?? where,
    do: act.do,
    why: act.why ?? why,
  };
  return act.owns && isOnMachine(resource) ? { ...step, owns: act.owns } : step;
}
