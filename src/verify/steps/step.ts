import { plugLinks } from '../../apply/cut.js';
import type { Hosts } from '../../apply/hosts/define.js';
import { messageOf } from '../../errors.js';
import { predictedOf } from '../../probes/predicted.js';
import type { PreparedStep } from '../../probes/prepare.js';
import { cutIn, type Plugging } from '../../topology/cut.js';
import type { Lab } from '../../topology/lab.js';
import { pingAcross, type Pinged } from './pings.js';

/** What was done between two checks. Times in milliseconds. */
export interface StepResult {
  readonly do: Plugging;
  readonly links: readonly string[];
  /** How many verdicts come before it. */
  readonly after: number;
  readonly ms: number;
  /** Pings that ran across it; `null` where none did. */
  readonly pings: StepPings | null;
  /** `fail`: the pings were without an answer for longer than they may be; `error`: they could not be sent. */
  readonly outcome: 'pass' | 'fail' | 'error';
  /** One sentence. */
  readonly message: string;
}

interface StepPings {
  readonly from: string;
  readonly to: string;
  readonly sent: number;
  readonly lost: number;
  /** Longest time between two answers; `null` where none came any more. */
  readonly gap: number | null;
  /** The most that it may be; `null` where the file does not say. */
  readonly within: number | null;
  /** Are they answered afterwards, as the model has it? */
  readonly predicted: 'pass' | 'blocked' | 'random';
}

/** Do what stands between two checks of a lab that is up, with pings across it where the file wants them. */
export async function doStep(
  lab: Lab,
  { step, ping }: PreparedStep,
  hosts: Hosts,
  signal?: AbortSignal,
): Promise<StepResult> {
  const { does, links, after, pings } = step;
  let ms = 0;
  const act = async (): Promise<void> => {
    const begin = performance.now();
    await plugLinks(lab.name, does, links, { signal });
    ms = Math.round(performance.now() - begin);
  };
  const done = (rest: Pick<StepResult, 'pings' | 'outcome' | 'message'>): StepResult => ({
    ...{ do: does, links, after, ms },
    ...rest,
  });
  const what = `${links.join(' and ')} ${links.length === 1 ? 'is' : 'are'} ${does === 'cut' ? 'cut' : 'plugged'}`;
  if (!ping || !pings) {
    await act();
    return done({ pings: null, outcome: 'pass', message: `${what}.` });
  }
  const acting = { isOn: false };
  const acted = async (): Promise<void> => {
    acting.isOn = true;
    await act();
    acting.isOn = false;
  };
  try {
    const pinged = await pingAcross(ping, hosts, acted, signal);
    const predicted = predictedOf(ping).outcome;
    return done(judged(what, pinged, { ...pings, predicted }));
  } catch (error) {
    signal?.throwIfAborted();
    // What was to be done has failed itself, or nobody has begun with it.
    if (acting.isOn) throw error;
    if (ms === 0) await act();
    return done({ pings: null, outcome: 'error', message: `${what}; ${messageOf(error)}.` });
  }
}

/** What pings say, as an outcome and a sentence. */
function judged(
  what: string,
  { sent, answered, gap }: Pinged,
  asked: {
    readonly from: string;
    readonly to: string;
    readonly within: number | undefined;
    readonly predicted: StepPings['predicted'];
  },
): Pick<StepResult, 'pings' | 'outcome' | 'message'> {
  const { from, to, within, predicted } = asked;
  const isFast = gap !== undefined && (within === undefined || gap <= within);
  const way = `pings from ${from} to ${to}`;
  const told =
    gap === undefined
      ? `${way} are not answered any more`
      : `${way} were without an answer for ${gap} ms at most`;
  const limit = within === undefined || isFast ? '' : `, and may be for ${within} ms`;
  const odd =
    (gap === undefined) === (predicted === 'pass') && predicted !== 'random'
      ? '; UNPREDICTED: the model or the kernel is wrong'
      : '';
  return {
    pings: {
      ...{ from, to, sent, lost: sent - answered, gap: gap ?? null },
      ...{ within: within ?? null, predicted },
    },
    outcome: isFast ? 'pass' : 'fail',
    message: `${what}; ${told}${limit}${odd}.`,
  };
}

/** Plug what a run has cut, and cut what it has plugged: all is as it was before. */
export async function takeBackSteps(lab: Lab): Promise<void> {
  const links = [...new Set(lab.steps.flatMap((step) => step.links))];
  const cut = cutIn(lab);
  const [wasCut, wasWhole] = [true, false].map((is) =>
    links.filter((id) => cut.includes(id) === is),
  );
  if (wasWhole && wasWhole.length > 0) await plugLinks(lab.name, 'plug', wasWhole);
  if (wasCut && wasCut.length > 0) await plugLinks(lab.name, 'cut', wasCut);
}
