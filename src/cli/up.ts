import { requireHost } from '../apply/doctor/index.js';
import { up as build } from '../apply/up.js';
import { EXIT } from '../errors.js';
import { linkHops } from '../plan/link-hops.js';
import { defineCommand } from './define.js';
import { formatTimings, seconds, showProgress, stagesOf } from './progress.js';
import { planFile } from './target.js';

export const up = defineCommand<{ file: string; timings: boolean }>({
  command: 'up <file>',
  describe: 'Build a lab. Twice changes nothing; Ctrl-C takes it down again',
  positionals: { file: { describe: 'Topology, YAML or TypeScript' } },
  options: { timings: { type: 'boolean', default: false, describe: 'Show where the time went' } },
  examples: [['$0 up topologies/lldp-direct.yaml', 'two guests on a cable']],
  async run({ file, timings }, context) {
    const begin = performance.now();
    const { lab, plan, wiring } = await planFile(file, context, true);
    const progress = showProgress(context, 'build', stagesOf(plan));
    let changed: boolean;
    try {
      ({ changed } = await build(lab, plan, {
        signal: context.signal,
        onEvent: progress.onEvent,
        extra: { hops: linkHops(lab, wiring) },
        async beforeBuild() {
          const checked = performance.now();
          await requireHost(plan.requirements, { signal: context.signal });
          progress.timings.push({ what: 'check the host', ms: performance.now() - checked });
        },
      }));
      await progress.finish(false);
    } catch (error) {
      await progress.finish(true);
      throw error;
    }
    const ms = performance.now() - begin;
    if (context.json) {
      context.printJson({ version: 1, lab: lab.name, changed, ms, timings: progress.timings });
      return EXIT.ok;
    }
    if (timings) context.print(formatTimings(progress.timings));
    const count = `${lab.nodes.length} nodes, ${lab.links.length} links`;
    context.print(
      changed
        ? `${lab.name} is up: ${count} in ${seconds(ms)}. Next: patchlab verify ${lab.name}`
        : `${lab.name} is up already (${count}); nothing was changed.`,
    );
    return EXIT.ok;
  },
});
