import type { GuestStart } from '../apply/events.js';
import { requireHost } from '../apply/doctor/index.js';
import { up as build, type UpResult } from '../apply/up.js';
import { EXIT } from '../errors.js';
import { linkHops } from '../plan/link-hops.js';
import type { Plan, Requirement } from '../plan/step.js';
import { changeJson, formatChanges } from '../report/terminal/changes.js';
import type { Lab } from '../topology/lab.js';
import { shownLine } from '../shown.js';
import { defineCommand } from './define.js';
import { seconds, showProgress, stagesOf } from './progress.js';
import { counted, sizeOf } from './size.js';
import { planFor } from './planned.js';
import { report } from './reports.js';
import { formatFindings } from '../report/terminal/findings.js';
import { exitCodeFor } from './verify.js';
import { verifyChanged } from './verify-changed.js';
import type { Report } from '../report/result.js';
import { demandNoRings } from './rings.js';
import { formatTimings, startClock } from './timings.js';

/** How a guest was started, for `--json`. */
interface Started {
  readonly node: string;
  readonly start: GuestStart;
  readonly why: string | null;
}

interface Options {
  readonly file: string;
  readonly cold: boolean;
  readonly 'dry-run': boolean;
  readonly 'no-verify': boolean;
  readonly timings: boolean;
}

export const up = defineCommand<Options>({
  needsRoot: true,
  positionals: {
    file: { describe: 'Topology, YAML or TypeScript; or the name of a lab that is up' },
  },
  options: {
    cold: {
      type: 'boolean',
      describe: 'Boot every guest, rather than start it from the stored state of one of its shape',
    },
    'dry-run': {
      type: 'boolean',
      describe: 'Only tell what would be made, changed and removed, and why',
    },
    'no-verify': {
      type: 'boolean',
      describe: 'Do not verify again what a change of a lab that is up has touched',
    },
    timings: { type: 'boolean', describe: 'Show where the time went' },
  },
  examples: [
    ['$0 up topologies/lldp-direct.yaml', 'two guests on a cable'],
    [
      '$0 up topologies/lldp-direct.yaml --dry-run',
      'what would be done, also to a lab that is up and whose file was edited',
    ],
  ],
  async run({ file, cold, timings, ...options }, context) {
    const { 'dry-run': dryRun, 'no-verify': unproven } = options;
    const begin = performance.now();
    const clock = startClock();
    clock.lap('start');
    const { lab, facts, plan, wiring, source } = await planFor(file, context, true);
    demandNoRings(lab, wiring, source);
    clock.lap('read and plan');
    const progress = showProgress(context, 'build', stagesOf(plan), clock);
    const guests: Started[] = [];
    let result: UpResult;
    try {
      result = await build(lab, plan, {
        signal: context.signal,
        dryRun,
        onEvent(event) {
          if (event.type === 'guest')
            guests.push({ node: event.node, start: event.start, why: event.why ?? null });
          progress.onEvent(event);
        },
        warm: cold ? undefined : facts,
        extra: { hops: linkHops(lab, wiring) },
        async beforeBuild(before) {
          const checked = performance.now();
          const wanted = newRequirements(plan, before);
          await requireHost(wanted, { signal: context.signal });
          clock.add('check the host', performance.now() - checked);
        },
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
        ? await verifyChanged({ lab, plan, wiring }, result.changes, context)
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
      context.print('It is not as the file has it any more:');
      for (const one of result.differs) context.print(`  ${shownLine(one)}`);
      context.print(`To build it anew: patchlab down ${lab.name}, then up.`);
    }
    if (proof) await report(proof, [], 'terminal', context);
    if (proof && proof.result.findings.length > 0)
      context.print(formatFindings(proof.result.findings, context.columns));
    return exitCode(proof);
  },
});

const exitCode = (proof: Report | undefined): number =>
  proof ? exitCodeFor(proof.result.verdicts, proof.result.findings) : EXIT.ok;

/** What was done, or would be, in one line. */
function told(
  lab: string,
  size: string,
  time: string,
  dryRun: boolean,
  { changed, changes }: UpResult,
): string {
  if (dryRun && changes)
    return `${lab} would be changed by \`up\` (${counted(changes.length, 'change')}):`;
  if (!changed) return `${lab} is up already (${size}); nothing was changed.`;
  if (changes)
    return `${lab} was changed in place in ${time} (${counted(changes.length, 'change')}):`;
  return `${lab} is up: ${size} in ${time}. Next: patchlab verify ${lab}`;
}

/** What the host must have that a lab which is up does not have already. */
function newRequirements(plan: Plan, before: Plan | undefined): readonly Requirement[] {
  const known = new Set(before?.requirements.map(({ check, arg }) => `${check} ${arg ?? ''}`));
  return plan.requirements.filter(({ check, arg }) => !known.has(`${check} ${arg ?? ''}`));
}

/** The place of a node in its file. */
const order = (lab: Lab, { node }: Started): number =>
  lab.nodes.findIndex(({ name }) => name === node);
