import { runCommand } from '../../../src/apply/command.js';
import { cli, PROGRAM } from '../patchlab.js';
import { repeated, rowOf } from '../measure.js';
import type { Section } from '../section.js';

/** Times that each is run in one repetition: one run alone is shorter than the clock's steps are fine. */
const RUNS = 10;
/** Processor time that a command may take, in times of bare node. */
const MOST = 2;

const TOPOLOGY = new URL('../../../topologies/cables/namespace-cable.yaml', import.meta.url)
  .pathname;

/** Milliseconds of processor time of a command and all that it starts, by the shell's `times`. */
async function processorTime(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const script = `for i in $(seq ${RUNS}); do "$@" >/dev/null || exit; done; times`;
  const { stdout } = await runCommand(['bash', '-c', script, 'bash', ...argv], { signal });
  const [, children = ''] = stdout.split('\n');
  const spent = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => 60_000 * Number(minutes) + 1000 * Number(seconds),
  );
  return spent.reduce((sum, ms) => sum + ms, 0) / RUNS;
}

/** What it costs to start patchlab at all. */
export const start: Section = {
  name: 'start',
  title: `processor time of commands that only tell something, next to bare node, with a lab that is up`,
  sizes: [],
  async run({ repeat, signal, say, defer, report }) {
    await cli(['up', TOPOLOGY], signal);
    defer(() => cli(['down', TOPOLOGY]));
    const commands: Readonly<Record<string, readonly string[]>> = {
      'bare node': [process.execPath, '-e', '0'],
      '--version': [PROGRAM, '--version'],
      list: [PROGRAM, 'list'],
      status: [PROGRAM, 'status'],
    };
    const samples = await repeated(repeat, async (repetition) => {
      say(`start: repetition ${repetition + 1} of ${repeat}`);
      const values: Record<string, number> = {};
      for (const [name, argv] of Object.entries(commands))
        values[name] = await processorTime(argv, signal);
      return values;
    });
    for (const name of Object.keys(commands)) {
      const compared = name === 'bare node' ? [] : [{ with: 'bare node', target: { most: MOST } }];
      report(rowOf(samples, name, 'ms', name, compared));
    }
  },
};
