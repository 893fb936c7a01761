import { runCommand } from '../../../src/apply/command.js';
import { median, repeated, rowOf } from '../measure.js';
import type { Ratio, Section } from '../section.js';

/** The size that the targets are meant for; the milliseconds and mebibytes that it may take. */
const LARGE = 10_000;
const LIMIT = { total: 3_000, peak: 1024 } as const;
/** How much the time for one node may grow from the smallest size to the largest. */
const GROWTH = 1.5;

const CHILD = new URL('../plan-child.js', import.meta.url).pathname;
const MIB = 1024 * 1024;

interface Result {
  readonly phases: Readonly<Record<string, number>>;
  readonly loaded: number;
  readonly peak: number;
}

/** Planning without a host: what each phase takes, and the memory. */
export const plan: Section = {
  name: 'plan',
  title: 'planning N nodes with 2 links each, from text to steps and checks, without a host',
  sizes: [100, 1000, 10_000],
  async run(bench) {
    let least: number | undefined;
    for (const nodes of bench.sizes) {
      const samples = await repeated(bench.repeat, async (repetition) => {
        bench.say(`plan ${nodes} nodes: repetition ${repetition + 1} of ${bench.repeat}`);
        const { stdout } = await runCommand([process.execPath, CHILD, String(nodes)], {
          signal: bench.signal,
        });
        const { phases, loaded, peak } = JSON.parse(stdout) as Result;
        const total = Object.values(phases).reduce((sum, ms) => sum + ms, 0);
        const own = peak - loaded;
        return {
          ...phases,
          total,
          perNode: (1000 * total) / nodes,
          peak: peak / MIB,
          ownPerNode: own / 1024 / nodes,
        };
      });
      const limit = (key: keyof typeof LIMIT): readonly Ratio[] =>
        nodes >= LARGE
          ? [
              {
                to: `of ${LIMIT[key]}`,
                value: median(samples.get(key) ?? []) / LIMIT[key],
                target: { most: 1 },
              },
            ]
          : [];
      for (const key of ['load', 'shape', 'resolve', 'wire', 'plan', 'steps', 'checks'])
        bench.report(rowOf(samples, key, 'ms', `${nodes} nodes: ${key}`));
      bench.report({
        ...rowOf(samples, 'total', 'ms', `${nodes} nodes: together`),
        ratios: limit('total'),
      });
      const perNode = median(samples.get('perNode') ?? []);
      bench.report({
        ...rowOf(samples, 'perNode', 'us', `${nodes} nodes: for one node`),
        ratios:
          least === undefined
            ? []
            : [{ to: 'of the smallest size', value: perNode / least, target: { most: GROWTH } }],
      });
      bench.report({
        ...rowOf(samples, 'peak', 'MiB', `${nodes} nodes: peak memory`),
        ratios: limit('peak'),
      });
      bench.report(rowOf(samples, 'ownPerNode', 'KiB', `${nodes} nodes: memory for one node`));
      least ??= perNode;
    }
  },
};
