import { groupBy } from '../../group-by.js';
import { STAGES, type Stage } from '../step.js';
import type { Resource } from './define.js';
import { resourceType } from './index.js';

/** A resource that is made by itself, at its place among the others. */
export interface Placed {
  readonly resource: Resource;
  /** The stage of its type, or an earlier one where something there needs it. */
  readonly stage: Stage;
  /** Names of the things that are there once it is made: its own, and those of what comes along with it. */
  readonly makes: readonly string[];
  /** Names of the things that must be there before. */
  readonly needs: readonly string[];
}

/** The names of the things that resources bring into being. */
export function thingsOf(resources: readonly Resource[]): ReadonlySet<string> {
  const things = new Set<string>();
  for (const { makes } of resources) for (const name of makes ?? []) things.add(name);
  return things;
}

/** Does it come with one of the things that are made? */
const comesAlong = ({ type, wanted }: Resource, made: ReadonlySet<string>): boolean =>
  made.has(resourceType(type).comesWith?.(wanted) ?? '');

/**
 * Resources in the order in which they are made: each after all that it needs, else by the stage of its type, and within a
 * stage in the order in which they were given. What comes along with another has no place of its own.
 * @param made - names of the things that are made from their beginning
 * @throws RangeError where resources need each other: a fault of the kinds that gave them
 */
export function inOrder(
  resources: readonly Resource[],
  made: ReadonlySet<string> = thingsWithCompany(resources),
): readonly Placed[] {
  const company = companyOf(resources, made);
  const makers = new Map<string, Placed>();
  const byStage = new Map(STAGES.map((stage) => [stage, [] as Placed[]]));
  for (const resource of resources) {
    if (company.size > 0 && comesAlong(resource, made)) continue;
    const one = withCompany(resource, company);
    for (const name of one.makes) makers.set(name, one);
    byStage.get(one.stage)?.push(one);
  }
  const order: Placed[] = [];
  const done = new Set<Placed>();
  const open = new Set<Placed>();
  const place = (one: Placed, stage: Stage): void => {
    for (const name of one.needs) {
      const maker = makers.get(name);
      if (!maker || done.has(maker)) continue;
      open.add(one);
      if (open.has(maker)) throw new RangeError(`${maker.resource.id} needs what needs it`);
      place(maker, stage);
      open.delete(one);
    }
    done.add(one);
    order.push(one.stage === stage ? one : { ...one, stage });
  };
  for (const stage of STAGES)
    for (const one of byStage.get(stage) ?? []) if (!done.has(one)) place(one, stage);
  return order;
}

/** Names of all that is made, where something may come along with it. */
const thingsWithCompany = (resources: readonly Resource[]): ReadonlySet<string> =>
  resources.some(({ type }) => 'comesWith' in resourceType(type)) ? thingsOf(resources) : NONE;

const NONE: ReadonlySet<string> = new Set();

/** What comes along with each thing that is made. */
function companyOf(
  resources: readonly Resource[],
  made: ReadonlySet<string>,
): ReadonlyMap<string, readonly Resource[]> {
  const coming = made.size === 0 ? [] : resources.filter((one) => comesAlong(one, made));
  return groupBy(coming, ({ type, wanted }) => resourceType(type).comesWith?.(wanted) ?? '');
}

/** A resource together with what comes along with it. */
function withCompany(
  resource: Resource,
  company: ReadonlyMap<string, readonly Resource[]>,
): Placed {
  const { where, wanted, type, makes = [], needs } = resource;
  const stage = resourceType(type).stage(where, wanted);
  const needed = needs ? [...resource.in, ...needs] : resource.in;
  const others = company.size === 0 ? [] : makes.flatMap((name) => company.get(name) ?? []);
  if (others.length === 0) return { resource, stage, makes, needs: needed };
  const all = new Set([...makes, ...others.flatMap((one) => one.makes ?? [])]);
  const ofAll = [...needed, ...others.flatMap((one) => [...one.in, ...(one.needs ?? [])])];
  return { resource, stage, makes: [...all], needs: ofAll.filter((name) => !all.has(name)) };
}
