import type { Change } from '../../plan/resources/difference.js';
import { shownLine } from '../../shown.js';

/** What is done to a lab that is up: a line for each thing, and how much in or on it is done with it. */
export function formatChanges(changes: readonly Change[]): readonly string[] {
  const makers = new Map(
    changes.flatMap((change) =>
      (change.how === 'change' ? [] : (resourceOf(change)?.makes ?? [])).map(
        (at) => [at, change] as const,
      ),
    ),
  );
  const rootOf = (change: Change): Change => {
    const under = resourceOf(change)?.in.flatMap((at) => makers.get(at) ?? []) ?? [];
    const above = under.find((one) => isSameWay(one, change));
    return above ? rootOf(above) : change;
  };
  const counts = new Map<Change, number>();
  for (const change of changes) counts.set(rootOf(change), (counts.get(rootOf(change)) ?? -1) + 1);
  return changes
    .filter((change) => counts.has(change))
    .map((change) => {
      const { how, what, because } = changeJson(change);
      const along = counts.get(change) ?? 0;
      const notes = [
        ...(because === null ? [] : [because]),
        ...(along > 0 ? [`and ${along} more in or on it`] : []),
      ];
      const note = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
      return shownLine(`  ${how.padEnd(7)}  ${what}${note}`);
    });
}

/** Do both go, or are both made? */
const isSameWay = (one: Change, other: Change): boolean =>
  other.how !== 'change' && (one.how === 'remove') === (other.how === 'remove');

const resourceOf = ({ old, wanted }: Change) => wanted ?? old;

/** One change for machines. */
export const changeJson = (change: Change) => ({
  how: change.how,
  id: resourceOf(change)?.id ?? '',
  type: resourceOf(change)?.type ?? '',
  what: resourceOf(change)?.why ?? '',
  because: change.because ?? null,
});
