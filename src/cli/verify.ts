import { withHosts } from '../apply/session.js';
import { wire } from '../plan/wire.js';
import { whereIn } from '../plan/link-hops.js';
import { reportOf } from '../report/result.js';
import { writeEvidence } from '../verify/evidence/evidence.js';
import { verifyLab } from '../verify/verify.js';
import { defineCommand } from './define.js';
import { formatOf } from './files.js';
import { askKernel, kernelOption } from './frame-options.js';
import { report, reportFiles, reportOptions, sourceOf, type ReportArgs } from './reports.js';
import { upLab } from './planned.js';
import { formatTimings, startClock } from './timings.js';
import { exitCodeFor } from './verify-result.js';
import { beginResult } from '../report/begin-result.js';
import { version } from '../report/version.js';
import { hostNameOf } from '../where.js';

interface Arguments extends ReportArgs {
  readonly lab: string;
  readonly evidence?: string;
  readonly twice: boolean;
  readonly kernel: boolean;
  readonly timings: boolean;
}

export const verify = defineCommand<Arguments>({
  needsRoot: true,
  positionals: {
    lab: {
      describe: 'Name of the lab, or its topology file, whose `verify` part is then used',
      takes: 'lab',
    },
  },
  options: {
    ...reportOptions,
    evidence: {
      type: 'string',
      describe: 'Keep all captures in this pcapng file, an interface for each hop, for Wireshark',
    },
    ...kernelOption,
    twice: {
      type: 'boolean',
      describe: 'Once more with promiscuous mode at the receivers; tell what differs',
    },
    timings: { type: 'boolean', describe: 'Show where the time went' },
  },
  examples: [
    ['$0 verify lldp-direct --evidence lldp.pcapng', 'and keep the captures for Wireshark'],
    ['$0 verify lldp-direct --report report.html --report junit.xml', 'a page, and a file for CI'],
  ],
  async run({ lab: target, evidence, twice, kernel, timings, ...reports }, context) {
    const files = reportFiles(reports);
    if (evidence !== undefined) formatOf(evidence, { '.pcapng': 'pcapng' }, 'captures');
    const finish = beginResult();
    const clock = startClock();
    clock.lap('start');
    const lap = (what: string) => {
      clock.lap(what);
    };
    const { lab, stored, facts } = await upLab(target, context);
    clock.lap('read the lab');
    const source = await sourceOf(target);
    const wiring = wire(lab, facts);
    const { signal } = context;
    const asking = askKernel(kernel, context);
    const { checks, verdicts, steps, captures, findings } = await withHosts(stored.plan, (hosts) =>
      verifyLab(lab, wiring, hosts, { signal, lap, twice, kernel: asking }),
    );
    clock.lap('all else');
    const timed = [...clock.timings];
    const verified = { verdicts, steps, findings };
    const result = finish(lab, verified, { timings: timed, evidence: evidence ?? null });
    const what = reportOf(result, { lab, graph: wiring.graph, checks, source });
    if (evidence !== undefined) {
      const whereOf = whereIn(lab);
      await writeEvidence(evidence, captures, {
        lab: lab.name,
        title: lab.title,
        application: `patchlab ${version}`,
        ...{ checks, verdicts },
        hostOf: (hop) => hostNameOf(whereOf(hop)),
      });
      context.say(`evidence: ${evidence}`);
    }
    await report(what, files, reports.format, context);
    if (timings && !context.json) context.print(formatTimings(clock.timings));
    return exitCodeFor(result);
  },
});
