import { withHosts } from '../apply/session.js';
import { readLab } from '../apply/status.js';
import { digestOf } from '../apply/state.js';
import { EXIT, PatchlabError } from '../errors.js';
import type { PlanFacts } from '../links/define.js';
import { wire } from '../plan/wire.js';
import { formatVerdicts } from '../report/terminal.js';
import { writeEvidence } from '../verify/evidence.js';
import type { Verdict } from '../verify/verdict.js';
import { verifyLab } from '../verify/verify.js';
import { defineCommand, type Context } from './define.js';
import { seconds } from './progress.js';
import { isFile, planFile } from './target.js';

/** The hops do not depend on how guests are run; any facts will do to find them. */
const ANY_FACTS: PlanFacts = { accelerator: 'tcg', ovsDatapath: 'netdev', guests: {} };

export const verify = defineCommand<{ lab: string; evidence?: string; timings: boolean }>({
  command: 'verify <lab>',
  describe:
    'Prove the cables of a lab that is up: send, watch every hop, say where frames died and why',
  positionals: {
    lab: { describe: 'Name of the lab, or its topology file, whose `verify` part is then used' },
  },
  options: {
    evidence: {
      type: 'string',
      describe: 'Keep the captures in this folder, a pcap file for each hop',
    },
    timings: { type: 'boolean', default: false, describe: 'Show where the time went' },
  },
  examples: [['$0 verify lldp-direct --evidence /tmp/lldp', 'and keep the captures for Wireshark']],
  async run({ lab: target, evidence, timings }, context) {
    const begin = performance.now();
    const { lab, stored } = await labOf(target, context);
    const { verdicts, captures } = await withHosts(stored.plan, (hosts) =>
      verifyLab(lab, wire(lab, ANY_FACTS), hosts, { signal: context.signal }),
    );
    const ms = Math.round(performance.now() - begin);
    const files = evidence === undefined ? [] : await writeEvidence(evidence, captures);
    if (context.json)
      context.printJson({ version: 1, lab: lab.name, verdicts, ms, evidence: files });
    else {
      context.print(formatVerdicts(lab.name, verdicts));
      if (evidence !== undefined) context.print(`${files.length} captures are in ${evidence}`);
      if (timings) context.print(`${seconds(ms).padStart(9)}  verify`);
    }
    return exitCodeFor(verdicts);
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
function exitCodeFor(verdicts: readonly Verdict[]): number {
  if (verdicts.some(({ outcome }) => outcome === 'error')) return EXIT.unknown;
  return verdicts.some(({ outcome }) => outcome === 'fail') ? EXIT.verdict : EXIT.ok;
}
