import { sameData } from '../../same-data.js';
import type { Step } from '../step.js';
import type { Resource } from './define.js';
import { resourceType } from './index.js';
import { comesWith, inOrder, thingsOf } from './order.js';
import { changeSteps, makeSteps, makingOf, removeSteps } from './steps.js';
import { whatDiffers } from './what-differs.js';

/** What becomes of one resource when a lab changes in place. */
export interface Change {
  readonly how: 'create' | 'change' | 'replace' | 'remove';
  /** As it is; not where it is new. */
  readonly old?: Resource;
  /** As it is to be; not where it goes. */
  readonly wanted?: Resource;
  /** Why; nothing where the file alone says it. */
  readonly because?: string;
}

/** What turns one lab into another. */
export interface Difference {
  /** Removals first, last things first; then all else in the order of the plan. */
  readonly changes: readonly Change[];
  /** What removes the rest of what is gone. It may be gone as well, so that it does not matter when this fails; it is run first. */
  readonly sweep: readonly Step[];
  /** What is removed, in the order in which to run it. */
  readonly removal: readonly Step[];
  /** What is made and changed, in the order in which to run it. */
  readonly making: readonly Step[];
  /** Ids of the steps of which nothing is left once the removal has been run. */
  readonly undone: readonly string[];
}

type Verdict = Pick<Change, 'how' | 'because'>;

/**
 * What turns the resources of one plan into those of another. Only what differs is touched: what can be changed in place
 * is, and what is in or on something that is made anew is made anew with it. Pure.
 * @param gone - ids of resources that are not there any more, with how that is known
 * @param anew - ids of resources that are made anew though nothing differs, with why
 */
export function difference(
  before: readonly Resource[],
  after: readonly Resource[],
  gone: ReadonlyMap<string, string> = new Map(),
  anew: ReadonlyMap<string, string> = new Map(),
): Difference {
  const old = new Map(before.map((one) => [one.id, one]));
  const now = new Map(after.map((one) => [one.id, one]));
  const verdicts = new Map<string, Verdict>();
  for (const { id } of before) if (!now.has(id)) verdicts.set(id, { how: 'remove' });
  for (const wanted of after) {
    const because = gone.has(wanted.id) ? undefined : anew.get(wanted.id);
    const verdict =
      because === undefined
        ? judge(old.get(wanted.id), wanted, gone.get(wanted.id))
        : { how: 'replace' as const, because };
    if (verdict) verdicts.set(wanted.id, verdict);
  }
  spread(before, now, verdicts, gone);

  const isLost = (id: string): boolean => LOST.has(verdicts.get(id)?.how ?? '');
  const losing = before.filter(({ id }) => isLost(id) || gone.has(id));
  const lost = thingsOf(losing);
  const ended = thingsOf(losing.filter(({ type }) => resourceType(type).endsLate !== true));
  const underGone = thingsOf(before.filter(({ id }) => gone.has(id)));
  const removed = before.filter(({ id }) => isLost(id)).toReversed();
  const fresh = thingsOf(after.filter(({ id }) => MADE.has(verdicts.get(id)?.how ?? '')));
  const goesAlong = (one: Resource): boolean =>
    gone.has(one.id) || isIn(one, ended) || (!lingers(one) && isIn(one, lost));
  const leaves = (one: Resource): readonly Step[] =>
    goesAlong(one) ? [] : (removeSteps(one) ?? []);
  return {
    changes: [
      ...removed
        .filter(({ id }) => !now.has(id))
        .map((one) => ({ how: 'remove' as const, old: one })),
      ...after.flatMap((wanted): readonly Change[] => {
        const verdict = verdicts.get(wanted.id);
        const before = old.get(wanted.id);
        return verdict ? [{ ...verdict, ...(before && { old: before }), wanted }] : [];
      }),
    ],
    sweep: [
      ...removed.filter((one) => isIn(one, underGone)).flatMap(leaves),
      // One end may be there still.
      ...before
        .filter((one) => gone.has(one.id) && lingers(one))
        .flatMap((one) => removeSteps(one) ?? []),
    ],
    removal: removed.filter((one) => !isIn(one, underGone)).flatMap(leaves),
    making: makingOf(
      inOrder(
        after.filter(({ id }) => verdicts.has(id)),
        fresh,
      ),
      (wanted, at) => {
        if (verdicts.get(wanted.id)?.how !== 'change') return makeSteps(wanted, at);
        const steps = changeSteps(old.get(wanted.id) ?? wanted, wanted, at);
        return typeof steps === 'string' ? [] : steps;
      },
    ),
    undone: removed.flatMap((one) => makeSteps(one).map(({ id }) => id)),
  };
}

/** Of what is removed and what is made anew there is nothing left for a moment. */
const LOST: ReadonlySet<string> = new Set(['remove', 'replace']);
/** What is made from its beginning. */
const MADE: ReadonlySet<string> = new Set(['create', 'replace']);

const lingers = ({ type }: Resource): boolean => resourceType(type).lingers === true;
const isIn = (one: Resource, things: ReadonlySet<string>): boolean =>
  one.in.some((at) => things.has(at));

/** What the two of one id make of it, for themselves. */
function judge(old: Resource | undefined, wanted: Resource, gone?: string): Verdict | undefined {
  if (!old) return { how: 'create' };
  if (gone !== undefined) return { how: 'create', because: gone };
  if (old.type !== wanted.type) return { how: 'replace', because: 'it is something else now' };
  if (!sameData(old.where, wanted.where)) return { how: 'replace', because: 'it is elsewhere now' };
  if (sameData(old.wanted, wanted.wanted)) return undefined;
  const what = whatDiffers(old.wanted, wanted.wanted);
  const steps = changeSteps(old, wanted);
  if (typeof steps === 'string') return { how: 'replace', because: `${what}; ${steps}` };
  return steps.length === 0 ? undefined : { how: 'change', because: what };
}

/** What is in or on something that goes, goes; and what cannot go by itself takes what it is in along. */
function spread(
  before: readonly Resource[],
  now: ReadonlyMap<string, Resource>,
  verdicts: Map<string, Verdict>,
  gone: ReadonlyMap<string, string>,
): void {
  const makers = new Map(
    before.flatMap((one) => (one.makes ?? []).map((at) => [at, one] as const)),
  );
  const isLost = ({ id }: Resource): boolean =>
    gone.has(id) || LOST.has(verdicts.get(id)?.how ?? '');
  const lostUnder = (names: readonly string[] = []): Resource | undefined =>
    names.flatMap((at) => makers.get(at) ?? []).find(isLost);
  for (let isStable = false; !isStable;) {
    isStable = true;
    const set = (id: string, verdict: Verdict): void => {
      verdicts.set(id, verdict);
      isStable = false;
    };
    for (const one of before) {
      if (!isLost(one)) {
        const under = now.has(one.id) && lostUnder([...one.in, ...(one.needs ?? [])]);
        if (under) set(one.id, { how: 'replace', because: `with: ${under.why}` });
      } else if (!gone.has(one.id) && !lostUnder(one.in) && !removeSteps(one)) {
        const home = makers.get(one.in[0] ?? '');
        if (home)
          set(home.id, { how: 'replace', because: `there is no way back from: ${one.why}` });
      }
    }
    for (const one of now.values()) {
      if (!MADE.has(verdicts.get(one.id)?.how ?? '')) continue;
      const type = resourceType(one.type);
      const home = makers.get(comesWith(one) ?? '');
      const isAlone = type.standsAlone?.(one.wanted) ?? true;
      if (home && now.has(home.id) && !isLost(home) && !isAlone)
        set(home.id, { how: 'replace', because: `that comes with it alone: ${one.why}` });
    }
  }
}
