import { withHosts } from '../apply/session.js';
import { readLab } from '../apply/status.js';
import { digestOf } from '../apply/state.js';
import { EXIT, PatchlabError } from '../errors.js';
import { ANY_FACTS } from '../links/define.js';
import { wire } from '../plan/wire.js';
import { whereIn } from '../plan/link-hops.js';
import { formatFindings } from '../report/findings.js';
import { reportOf, type VerifyResult } from '../report/result.js';
import { writeEvidence } from '../verify/evidence/evidence.js';
import type { Finding } from '../verify/findings/define.js';
import type { Verdict } from '../verify/judge/verdict.js';
import { verifyLab } from '../verify/verify.js';
import { prepareChecks } from '../probes/prepare.js';
import { defineCommand, type Context } from './define.js';
import { report, reportFiles, reportOptions, sourceOf, type ReportArgs } from './reports.js';
import { isFile, planFile } from './target.js';
import { formatTimings, startClock } from './timings.js';
import { version } from './version.js';

interface Arguments extends ReportArgs {
  readonly lab: string;
  readonly evidence?: string;
  readonly twice: boolean;
  readonly timings: boolean;
}

export const verify = defineCommand<Arguments>({
  command: 'verify <lab>',
  describe:
    'Prove the cables of a lab that is up: send, watch every hop, say where frames died and why',
  positionals: {
    lab: { describe: 'Name of the lab, or its topology file, whose `verify` part is then used' },
  },
  options: {
    ...reportOptions,
    evidence: {
      type: 'string',
      requiresArg: true,
      describe: 'Keep all captures in this pcapng file, an interface for each hop, for Wireshark',
    },
    twice: {
      type: 'boolean',
      default: false,
      describe: 'Once more with promiscuous mode at the receivers; tell what differs',
    },
    timings: { type: 'boolean', default: false, describe: 'Show where the time went' },
  },
  examples: [
    ['$0 verify lldp-direct --evidence lldp.pcapng', 'and keep the captures for Wireshark'],
    ['$0 verify lab.yaml --report report.html --report junit.xml', 'a page, and a file for CI'],
  ],
  async run({ lab: target, evidence, twice, timings, ...reports }, context) {
    const files = reportFiles(reports);
    const [began, begin] = [new Date().toISOString(), performance.now()];
    const clock = startClock();
    clock.lap('start');
    const lap = (what: string) => {
      clock.lap(what);
    };
    const { lab, stored } = await labOf(target, context);
    clock.lap('read the lab');
    const source = await sourceOf(target);
    const wiring = wire(lab, ANY_FACTS);
    const { verdicts, captures, findings } = await withHosts(stored.plan, (hosts) =>
      verifyLab(lab, wiring, hosts, { signal: context.signal, lap, twice }),
    );
    clock.lap('all else');
    const result: VerifyResult = {
      version: 1,
      lab: lab.name,
      title: lab.title ?? null,
      patchlab: version,
      began,
      verdicts,
      findings,
      ms: Math.round(performance.now() - begin),
      timings: [...clock.timings],
      evidence: evidence ?? null,
    };
    const what = reportOf(result, lab, wiring.model, source);
    if (evidence !== undefined) {
      const whereOf = whereIn(lab);
      await writeEvidence(evidence, captures, {
        lab: lab.name,
        title: lab.title,
        application: `patchlab ${version}`,
        checks: prepareChecks(lab, wiring.model).checks,
        verdicts,
        hostOf: (hop) => whereOf(hop).host,
      });
      context.say(`evidence: ${evidence}`);
    }
    await report(what, files, reports.format, context);
    if (findings.length > 0 && !context.json) context.print(formatFindings(findings));
    if (timings && !context.json) context.print(formatTimings(clock.timings));
    return exitCodeFor(verdicts, findings);
  },
});

/** A lab that is up, with the checks of the file where the user names one. @throws PatchlabError `lab/differs` */
async function labOf(target: string, context: Context) {
  if (!isFile(target)) {
    const stored = await readLab(target);
    return { lab: stored.lab, stored };
  }
  const { lab, plan } = await planFile(target, context, false);
  const stored = await readLab(lab.name);
  if (digestOf(plan) !== stored.digest) {
    throw new PatchlabError('lab/differs', {
      what: `Lab \`${lab.name}\` is up, but not as ${target} has it.`,
    });
  }
  return { lab: lab, stored };
}

/** What could not be found out weighs more than what was found wrong. */
function exitCodeFor(verdicts: readonly Verdict[], findings: readonly Finding[]): number {
  if (verdicts.some(({ outcome }) => outcome === 'error')) return EXIT.unknown;
  const wrong =
    verdicts.some(({ outcome }) => outcome === 'fail') ||
    findings.some(({ severity }) => severity === 'error');
  return wrong ? EXIT.verdict : EXIT.ok;
}
