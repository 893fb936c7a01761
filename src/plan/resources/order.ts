import { groupBy } from '../../group-by.js';
import { NOWHERE, STAGES, type Stage } from '../step.js';
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
  /** Its position in the order. */
  readonly at: number;
  /** Positions of those that make what it needs, one for each name; `NOWHERE` for what is there already. */
  readonly after: readonly number[];
}

/** The names of the things that resources bring into being. */
export function thingsOf(resources: readonly Resource[]): ReadonlySet<string> {
  const things = new Set<string>();
  for (const { makes } of resources) for (const name of makes ?? []) things.add(name);
  return things;
}

/** Does it come with one of the things that are made? */
const comesAlong = (one: Resource, made: ReadonlySet<string>): boolean =>
  made.has(comesWith(one) ?? '');

/** The name of what makes a resource too, when it is made at the same time. */
export const comesWith = (one: Resource): string | undefined =>
  one.with ?? resourceType(one.type).comesWith?.(one.wanted);

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
  const makers = new Map<string, Waiting>();
  const byStage = new Map(STAGES.map((stage) => [stage, [] as Waiting[]]));
  for (const resource of resources) {
    if (company.size > 0 && comesAlong(resource, made)) continue;
    const one = withCompany(resource, company);
    for (const name of one.makes) makers.set(name, one);
    byStage.get(one.stage)?.push(one);
  }
  const order: Placed[] = [];
  const place = (one: Waiting, stage: Stage): void => {
    one.at = BEGUN;
    one.after = one.needs.map((name) => {
      const maker = makers.get(name);
      if (maker?.at === BEGUN) throw new RangeError(`${maker.resource.id} needs what needs it`);
      if (maker?.at === WAITING) place(maker, stage);
      return maker?.at ?? NOWHERE;
    });
    one.stage = stage;
    one.at = order.push(one) - 1;
  };
  for (const stage of STAGES)
    for (const one of byStage.get(stage) ?? []) if (one.at === WAITING) place(one, stage);
  return order;
}

type Waiting = { -readonly [K in keyof Placed]: Placed[K] };
/** In place of its own position: it has none yet. */
const WAITING = -2;
/** The same: what it needs is being placed. */
const BEGUN = -3;

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
  return groupBy(coming, (one) => comesWith(one) ?? '');
}

/** A resource together with what comes along with it. */
function withCompany(
  resource: Resource,
  company: ReadonlyMap<string, readonly Resource[]>,
): Waiting {
  const { where, wanted, type, makes = [], needs } = resource;
  const stage = resourceType(type).stage(where, wanted);
  const needed = needs ? [...resource.in, ...needs] : resource.in;
  const others = company.size === 0 ? [] : makes.flatMap((name) => company.get(name) ?? []);
  const waiting = { resource, stage, makes, needs: needed, at: WAITING, after: NOTHING };
  if (others.length === 0) return waiting;
  const all = new Set([...makes, ...others.flatMap((one) => one.makes ?? [])]);
  const ofAll = [...needed, ...others.flatMap((one) => [...one.in, ...(one.needs ?? [])])];
  return { ...waiting, makes: [...all], needs: ofAll.filter((name) => !all.has(name)) };
}

const NOTHING: readonly number[] = [];
