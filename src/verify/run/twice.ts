import type { Hosts } from '../../apply/hosts/define.js';
import { observableOn } from '../../hops/predict.js';
import type { Leg } from '../../probes/define.js';
import type { Hop } from '../../hops/types.js';
import { onCourse, type PreparedCheck } from '../../probes/prepare.js';
import type { Retried } from '../findings/define.js';
import type { Evidence } from './observe.js';
import { whilePromiscuous } from '../capture/promiscuous.js';
import type { Observation } from './observation.js';

/** The receiver of a path and the device before it, as far as a capture can listen there. */
function watchersOf(way: Pick<Leg, 'path' | 'frames'>): readonly Hop[] {
  const { path } = way;
  const observable = observableOn(way);
  return path.filter((_, index) => index >= path.length - 2 && observable[index] === true);
}

/** Did a frame reach the end of its way? Unknown where nobody could look. */
const arrivalOf = (observation: Observation | undefined, leg: number): boolean | undefined =>
  observation?.seen[leg]?.at(-1);

/**
 * Observe once more, while the receivers listen in promiscuous mode, and tell what became of each frame with and
 * without.
 * @param once - what was observed without
 */
export async function observeAgain(
  checks: readonly PreparedCheck[],
  once: readonly Observation[],
  hosts: Hosts,
  observe: () => Promise<Evidence>,
): Promise<readonly Retried[]> {
  const taken = checks.map((check, at) => onCourse(check, once[at]?.course ?? 0));
  const devices = new Map(
    taken.flatMap(({ legs }) => legs.flatMap(watchersOf)).map((hop) => [hop.id, hop] as const),
  );
  const { result, failures } = await whilePromiscuous([...devices.values()], hosts, observe);
  return taken.flatMap((check, at): Retried[] => {
    const [before, after] = [once[at], result.observations[at]];
    const last = check.legs.length - 1;
    // An answer is not sent when its question was lost: the first frame that differs is the one to tell of.
    const differs = check.legs.findIndex(
      (_, leg) => arrivalOf(before, leg) !== arrivalOf(after, leg),
    );
    const index = arrivalOf(before, last) === arrivalOf(after, last) ? last : differs;
    const leg = check.legs[index];
    const [arrived, seen] = [arrivalOf(before, index), arrivalOf(after, index)];
    if (!leg || arrived === undefined || seen === undefined) return [];
    const watchers = watchersOf(leg);
    const { path } = leg;
    const isWatched = watchers.some(({ id }) => !failures.has(id));
    return [
      {
        leg: leg.name,
        ...{ from: path.at(0)?.label ?? '', to: path.at(-1)?.label ?? '', arrived },
        watched: isWatched ? seen : null,
        watchers: watchers.map(({ label }) => label),
      },
    ];
  });
}
