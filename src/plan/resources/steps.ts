import { STAGES, type Owned, type Step } from '../step.js';
import type { Act, Resource } from './define.js';
import { resourceType } from './index.js';

/** The commands of resources, as steps. Pure. */

/** The steps that make all of a lab: stage by stage, in each in the order of the resources. */
export function stepsOf(resources: readonly Resource[]): readonly Step[] {
  const isCompany = resources.some(({ type }) => resourceType(type).comesWith !== undefined);
  const made: ReadonlySet<string> = isCompany ? thingsOf(resources) : new Set();
  return inOrder(resources.filter((one) => !comesAlong(one, made)).flatMap(makeSteps));
}

/** The names of the things that resources bring into being. */
export function thingsOf(resources: readonly Resource[]): ReadonlySet<string> {
  const things = new Set<string>();
  for (const { makes } of resources) for (const name of makes ?? []) things.add(name);
  return things;
}

/** Does it come with one of the things that are made? */
export const comesAlong = ({ type, wanted }: Resource, made: ReadonlySet<string>): boolean =>
  made.has(resourceType(type).comesWith?.(wanted) ?? '');

/** By stage; within a stage in the order in which they were given. */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  const stages = new Map(STAGES.map((stage) => [stage, [] as Step[]]));
  for (const step of steps) stages.get(step.stage)?.push(step);
  return [...stages.values()].flat();
}

/** What a resource owns: what is on this host with the lab's mark because of it. Where its first command makes nothing such, none does. */
export function ownedBy(resource: Resource): readonly Owned[] {
  const type = resourceType(resource.type);
  const first = type.owns?.(resource.wanted, resource.where);
  if (!first) return [];
  return [first, ...type.make(resource.wanted, resource).flatMap(({ owns }) => owns ?? [])];
}

/** The steps that make a resource. The first can be taken back where the lab has to. */
export function makeSteps(resource: Resource): readonly Step[] {
  const type = resourceType(resource.type);
  const steps = type.make(resource.wanted, resource).map((act) => stepOf(resource, act));
  const owns = type.owns?.(resource.wanted, resource.where);
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

function stepOf({ id, type, where, lane, why }: Resource, act: Act): Step {
  const step = {
    id: act.name === undefined ? id : `${id} ${act.name}`,
    stage: act.stage ?? resourceType(type).stage(where),
    lane,
    where: act.where ?? where,
    do: act.do,
    why: act.why ?? why,
  };
  return act.owns ? { ...step, owns: act.owns } : step;
}
