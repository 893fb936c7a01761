import type { Hosts } from '../../apply/hosts/define.js';
import type { Hop } from '../../hops/types.js';
import type { Leg } from '../../probes/define.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import { hostOf, isOnMachine } from '../../where.js';
import { localTime } from '../capture/host-clocks.js';
import type { Blame, Verdict } from '../judge/verdict.js';
import type { Evidence } from '../run/observe.js';
import type { KernelEvent } from './events.js';
import { testimonyOf, type Testimony } from './testimony.js';
import { watchKernel } from './witness.js';
import { isAt } from '../capture/look.js';

/** Asks the kernel of the machine what it dropped, and why. */
export interface AskKernel {
  /** Told why it cannot be asked, where there is something to ask. */
  readonly onSilent: (why: string) => void;
}

/** What was seen of checks, and a verdict each. */
interface Judged {
  readonly evidence: Evidence;
  readonly verdicts: readonly Verdict[];
}

/**
 * Observe checks and judge them, and add to each loss what the kernel itself says of it.
 * @param ask - left out where the kernel is not to be asked: it costs a fifth of a small verification
 */
export async function testified<T extends Judged>(
  ask: AskKernel | undefined,
  checks: readonly PreparedCheck[],
  hosts: Hosts,
  run: () => Promise<T>,
): Promise<T> {
  const hop = checks.flatMap(({ hops }) => hops).find(({ where }) => isOnMachine(where));
  if (!ask || !hop) return run();
  const { stop, why } = await watchKernel(hosts.at(hostOf(hop.where)));
  let judged: T;
  try {
    judged = await run();
  } catch (error) {
    await stop(false);
    throw error;
  }
  const isLost = judged.verdicts.some(({ blame }) => blame !== null);
  const events = await stop(isLost);
  if (!isLost) return judged;
  if (why !== undefined) ask.onSilent(why);
  // The kernel's events are by its monotonic clock: clock_gettime(2).
  const offset = localTime() - Number(process.hrtime.bigint()) / 1e9;
  return { ...judged, verdicts: withTestimony(judged, checks, events, offset) };
}

/** @param offset - seconds that the clock of captures is ahead of that of the events */
const withTestimony = (
  { verdicts, evidence: { captures, observations } }: Judged,
  checks: readonly PreparedCheck[],
  events: readonly KernelEvent[],
  offset: number,
): readonly Verdict[] =>
  verdicts.map((verdict, index) => {
    const { blame } = verdict;
    const course = checks[index]?.probe.courses[observations[index]?.course ?? 0] ?? [];
    const sight = blame && lastSight(course, blame);
    if (!blame || !sight || !isOnMachine(sight.hop.where)) return verdict;
    const { leg, hop } = sight;
    const capture = captures.find((one) => one.hop.id === hop.id);
    const own = (capture?.frames ?? []).filter((_, at) => {
      const frame = capture?.decoded[at];
      return frame !== undefined && isAt(leg, leg.path.indexOf(hop), frame);
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
