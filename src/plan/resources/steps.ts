import { STAGES, type Owned, type Step } from '../step.js';
import type { Act, Resource } from './define.js';
import { resourceType } from './index.js';

/** The commands of resources, as steps. Pure. */

/** The steps that make all of a lab: stage by stage, in each in the order of the resources. */
export function stepsOf(resources: readonly Resource[]): readonly Step[] {
  const made = thingsOf(resources);
  return inOrder(resources.flatMap((one) => (comesAlong(one, made) ? [] : makeSteps(one))));
}

/** The names of the things that resources bring into being. */
export const thingsOf = (resources: readonly Resource[]): ReadonlySet<string> =>
  new Set(resources.flatMap(({ makes = [] }) => makes));

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
export const ownedBy = (resource: Resource): readonly Owned[] =>
  resourceType(resource.type).owns?.(resource.wanted, resource.where)
    ? makeSteps(resource).flatMap(({ owns }) => owns ?? [])
    : [];

/** The steps that make a resource. The first can be taken back where the lab has to. */
export function makeSteps(resource: Resource): readonly Step[] {
  const type = resourceType(resource.type);
  const owns = type.owns?.(resource.wanted, resource.where);
  const lasts = owns !== undefined || type.lasting === true;
  const [undo] = (lasts && type.remove?.(resource.wanted, resource)) || [];
  return type.make(resource.wanted, resource).map((act, index): Step => {
    const step = stepOf(resource, act);
    if (index > 0) return step;
    return { ...step, ...(undo && { undo: undo.do }), ...(owns && { owns }) };
  });
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
  return {
    id: act.name === undefined ? id : `${id} ${act.name}`,
    stage: act.stage ?? resourceType(type).stage(where),
    lane,
    where: act.where ?? where,
    do: act.do,
    ...(act.owns && { owns: act.owns }),
    why: act.why ?? why,
  };
}
