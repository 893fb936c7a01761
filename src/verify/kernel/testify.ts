import type { Hop } from '../../hops/types.js';
import type { Leg } from '../../probes/define.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import { LOCAL } from '../../where.js';
import type { Blame, Verdict } from '../judge/verdict.js';
import type { Evidence } from '../run/observe.js';
import type { KernelEvent } from './events.js';
import { testimonyOf, type Testimony } from './testimony.js';

/**
 * Add to each loss what the kernel itself says of it. Pure.
 * @param offset - seconds that the clock of captures is ahead of that of the events
 */
export const withTestimony = (
  verdicts: readonly Verdict[],
  checks: readonly PreparedCheck[],
  { captures, observations }: Evidence,
  events: readonly KernelEvent[],
  offset: number,
): readonly Verdict[] =>
  verdicts.map((verdict, index) => {
    const { blame } = verdict;
    const course = checks[index]?.probe.courses[observations[index]?.course ?? 0] ?? [];
    const sight = blame && lastSight(course, blame);
    if (!blame || !sight || sight.hop.where.host !== LOCAL.host) return verdict;
    const { leg, hop } = sight;
    const capture = captures.find((one) => one.hop.id === hop.id);
    const own = (capture?.frames ?? []).filter((_, at) => {
      const frame = capture?.decoded[at];
      return frame !== undefined && leg.matches(frame);
    });
    const kernel = agreed(
      own.map(({ time, length }) =>
        testimonyOf(events, { device: hop.device, time: time - offset, length }),
      ),
    );
    if (!kernel) return verdict;
    // Devices of several stacks may have one name: it is one from there on.
    const ahead = leg.path.slice(leg.path.indexOf(hop));
    const last = ahead.find(({ device }) => device === kernel.device);
    return {
      ...verdict,
      blame: { ...blame, kernel: { ...kernel, device: last?.label ?? kernel.device } },
    };
  });

/** Where the lost frame was seen last; where it never was, the frame before it, which was to be answered. */
function lastSight(
  course: readonly Leg[],
  blame: Blame,
): { readonly leg: Leg; readonly hop: Hop } | undefined {
  const at = course.findIndex(({ name }) => name === blame.leg);
  const leg = blame.lastSeen === null ? course[at - 1] : course[at];
  const hop =
    blame.lastSeen === null
      ? leg?.path.findLast(({ settings }) => settings.noDevice !== true)
      : leg?.path.find(({ label }) => label === blame.lastSeen);
  return leg && hop && { leg, hop };
}

/** What all say who say something, where a frame was sent more than once. */
function agreed(all: readonly (Testimony | undefined)[]): Testimony | undefined {
  const said = all.filter((one) => one !== undefined);
  const [first] = said;
  const same = (one: Testimony): boolean =>
    one.function === first?.function && one.reason === first.reason;
  return said.every(same) ? first : undefined;
}
