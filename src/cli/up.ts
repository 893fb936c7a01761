import type { GuestStart } from '../apply/events.js';
import { requireHost } from '../apply/doctor/index.js';
import { up as build } from '../apply/up.js';
import { EXIT, PatchlabError } from '../errors.js';
import { readLab } from '../apply/list.js';
import { linkHops } from '../plan/link-hops.js';
import type { Lab } from '../topology/lab.js';
import { shownLine } from '../shown.js';
import { defineCommand } from './define.js';
import { tellDifferences } from './difference.js';
import { seconds, showProgress, stagesOf } from './progress.js';
import { sizeOf } from './size.js';
import { planFor } from './planned.js';
import { demandNoRings } from './rings.js';
import { formatTimings, startClock } from './timings.js';

/** How a guest was started, for `--json`. */
interface Started {
  readonly node: string;
  readonly start: GuestStart;
  readonly why: string | null;
}

export const up = defineCommand<{ file: string; cold: boolean; timings: boolean }>({
  needsRoot: true,
  positionals: {
    file: { describe: 'Topology, YAML or TypeScript; or the name of a lab that is up' },
  },
  options: {
    cold: {
      type: 'boolean',
      describe: 'Boot every guest, rather than start it from the stored state of one of its shape',
    },
    timings: { type: 'boolean', describe: 'Show where the time went' },
  },
  examples: [['$0 up topologies/lldp-direct.yaml', 'two guests on a cable']],
  async run({ file, cold, timings }, context) {
    const begin = performance.now();
    const clock = startClock();
    clock.lap('start');
    const { lab, facts, plan, wiring, source } = await planFor(file, context, true);
    demandNoRings(lab, wiring, source);
    clock.lap('read and plan');
    const progress = showProgress(context, 'build', stagesOf(plan), clock);
    const guests: Started[] = [];
    let changed: boolean;
    let differs: readonly string[] | undefined;
    try {
      ({ changed, differs } = await build(lab, plan, {
        signal: context.signal,
        onEvent(event) {
          if (event.type === 'guest')
            guests.push({ node: event.node, start: event.start, why: event.why ?? null });
          progress.onEvent(event);
        },
        warm: cold ? undefined : facts,
        extra: { hops: linkHops(lab, wiring) },
        async beforeBuild() {
          const checked = performance.now();
          await requireHost(plan.requirements, { signal: context.signal });
          clock.add('check the host', performance.now() - checked);
        },
      }));
      await progress.finish(false);
    } catch (error) {
      await progress.finish(true);
      throw await tellDifference(error, lab, file);
    }
    clock.lap('all else');
    const { timings: spent } = clock;
    const ms = performance.now() - begin;
    if (context.json) {
      guests.sort((a, b) => order(lab, a) - order(lab, b));
      context.printJson({
        version: 1,
        lab: lab.name,
        changed,
        differs: differs ?? [],
        guests,
        ms,
        timings: spent,
      });
      return EXIT.ok;
    }
    if (timings) context.print(formatTimings(spent));
    const count = sizeOf({ nodes: lab.nodes.length, links: lab.links.length });
    context.print(
      changed
        ? `${lab.name} is up: ${count} in ${seconds(ms)}. Next: patchlab verify ${lab.name}`
        : `${lab.name} is up already (${count}); nothing was changed.`,
    );
    if (differs && differs.length > 0) {
      context.print('It is not as the file has it any more:');
      for (const one of differs) context.print(`  ${shownLine(one)}`);
      context.print(`To build it anew: patchlab down ${lab.name}, then up.`);
    }
    return EXIT.ok;
  },
});

/** The place of a node in its file. */
const order = (lab: Lab, { node }: Started): number =>
  lab.nodes.findIndex(({ name }) => name === node);

/** An error that says that the lab is up from another version of its file, with what differs. */
async function tellDifference(error: unknown, lab: Lab, file: string): Promise<unknown> {
  if (!(error instanceof PatchlabError) || error.code !== 'lab/differs') return error;
  const why = tellDifferences((await readLab(lab.name)).lab, lab);
  return new PatchlabError('lab/differs', {
    what: error.what,
    ...(why !== undefined && { why }),
    fix: `Run \`patchlab down ${lab.name}\`, then \`patchlab up ${file}\`.`,
    cause: error,
  });
}
