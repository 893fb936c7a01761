import type { GuestStart } from '../apply/events.js';
import type { UpOptions, UpResult } from '../apply/up.js';
import { EXIT } from '../errors.js';
import { buildPlanned, type Planned } from '../library/build.js';
import type { Report } from '../report/result.js';
import { changeJson, formatChanges } from '../report/terminal/changes.js';
import { shownLine } from '../shown.js';
import type { Lab } from '../topology/lab.js';
import type { Context } from './define.js';
import { seconds, showProgress, stagesOf } from './progress.js';
import { counted, sizeOf } from './size.js';
import { formatTimings, type Clock } from './timings.js';
import type { verifyChanged } from './verify-changed.js';
import { exitCodeFor } from './verify-result.js';

/** How a guest was started, for `--json`. */
interface Started {
  readonly node: string;
  readonly start: GuestStart;
  readonly why: string | null;
}

/** What a user may ask of it. */
export interface BringUpAsked {
  readonly cold: boolean;
  readonly 'no-verify': boolean;
  readonly timings: boolean;
}

/** How a lab is built, or one that is up changed. */
interface BringUpOptions extends BringUpAsked, Pick<UpOptions, 'anew' | 'dryRun'> {
  readonly clock: Clock;
}

/** Build a lab, or change one that is up, with progress, proof and report. @returns the exit code */
export async function bringUp(
  planned: Planned,
  options: BringUpOptions,
  context: Context,
): Promise<number> {
  const { lab, plan, wiring } = planned;
  const { dryRun = false, 'no-verify': unproven, cold, timings, clock, anew } = options;
  const begin = performance.now();
  const progress = showProgress(context, 'build', () => stagesOf(plan), clock);
  const guests: Started[] = [];
  let result: UpResult;
  try {
    result = await buildPlanned(planned, {
      ...{ signal: context.signal, dryRun, anew, cold },
      onEvent(event) {
        if (event.type === 'guest')
          guests.push({ node: event.node, start: event.start, why: event.why ?? null });
        progress.onEvent(event);
      },
      onChecked: (ms) => clock.add('check the host', ms),
    });
    await progress.finish(false);
  } catch (error) {
    await progress.finish(true);
    throw error;
  }
  const ms = performance.now() - begin;
  clock.lap('all else');
  const proof =
    result.changed && result.changes && !unproven
      ? await prove({ lab, plan, wiring }, result.changes, context)
      : undefined;
  clock.lap('verify');
  const { timings: spent } = clock;
  if (context.json) {
    guests.sort((a, b) => order(lab, a) - order(lab, b));
    context.printJson({
      version: 1,
      lab: lab.name,
      changed: result.changed,
      changes: (result.changes ?? []).map(changeJson),
      differs: result.differs ?? [],
      verdicts: proof?.result.verdicts ?? [],
      findings: proof?.result.findings ?? [],
      guests,
      ms,
      timings: spent,
    });
    return exitCode(proof);
  }
  if (timings) context.print(formatTimings(spent));
  const count = sizeOf({ nodes: lab.nodes.length, links: lab.links.length });
  context.print(told(lab.name, count, seconds(ms), dryRun, result));
  if (result.changes) for (const line of formatChanges(result.changes)) context.print(line);
  if (result.differs && result.differs.length > 0) {
    context.print('This is not in the file, and is left alone:');
    for (const one of result.differs) context.print(`  ${shownLine(one)}`);
  }
  if (proof) await (await import('./reports.js')).report(proof, [], 'terminal', context);
  return exitCode(proof);
}

/** What verifies is large, and of no use where nothing is changed. */
const prove: typeof verifyChanged = async (...what) =>
  (await import('./verify-changed.js')).verifyChanged(...what);

const exitCode = (proof: Report | undefined): number =>
  proof ? exitCodeFor(proof.result) : EXIT.ok;

/** What was done, or would be, in one line. */
function told(
  lab: string,
  size: string,
  time: string,
  dryRun: boolean,
  { changed, changes, isNew }: UpResult,
): string {
  if (dryRun && changes && isNew)
    return `${lab} would be built by \`up\` (${counted(changes.length, 'thing')}):`;
  if (dryRun && changes)
    return `${lab} would be changed by \`up\` (${counted(changes.length, 'change')}):`;
  if (!changed) return `${lab} is up already (${size}); nothing was changed.`;
  if (changes)
    return `${lab} was changed in place in ${time} (${counted(changes.length, 'change')}):`;
  return `${lab} is up: ${size} in ${time}. Next: patchlab verify ${lab}`;
}

/** The place of a node in its file. */
const order = (lab: Lab, { node }: Started): number =>
  lab.nodes.findIndex(({ name }) => name === node);
