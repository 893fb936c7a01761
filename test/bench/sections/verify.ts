import { withHosts } from '../../../src/apply/session.js';
import { verifyLab } from '../../../src/verify/verify.js';
import { chainTopology } from '../chain.js';
import { median, repeated, rowOf, timed } from '../measure.js';
import { cli, down, upFile } from '../patchlab.js';
import type { Bench, Section } from '../section.js';
import { settle } from '../settle.js';
import { writeTopology } from '../topology-file.js';

/** The size that the target is meant for, and milliseconds that its verification may take. */
const LARGE = 500;
const LIMIT = 15_000;
/** How much the time for one cable may grow from the smallest size to the largest. */
const GROWTH = 1.2;

/** Proving every cable of a chain: LLDP, ARP and ICMP, both ways. */
export const verify: Section = {
  name: 'verify',
  title: 'verify of N cables: LLDP, ARP and ICMP both ways on each',
  sizes: [50, 200, 500],
  async run(bench) {
    let least: number | undefined;
    for (const cables of bench.sizes) {
      const perCable = await measure(bench, cables, least);
      least ??= perCable;
    }
  },
};

/** @returns milliseconds for one cable, median */
async function measure(bench: Bench, cables: number, least: number | undefined): Promise<number> {
  const { signal } = bench;
  const name = `${bench.prefix}-verify${cables}`;
  const file = await writeTopology(bench.folder, chainTopology(name, cables + 1));
  bench.defer(() => down(name));
  const { lab, wiring, plan } = await upFile(file, signal);
  const samples = await repeated(bench.repeat, async (repetition) => {
    bench.say(`verify ${cables} cables: repetition ${repetition + 1} of ${bench.repeat}`);
    signal.throwIfAborted();
    const library = await timed(() =>
      withHosts(plan, async (hosts) => {
        const { verdicts } = await verifyLab(lab, wiring, hosts, { signal });
        const bad = verdicts.filter(({ outcome }) => outcome !== 'pass');
        if (bad.length > 0 || verdicts.length !== 6 * cables)
          throw new Error(
            `${bad.length} of ${verdicts.length} verdicts are not \`pass\`: ${bad[0]?.message ?? ''}`,
          );
      }),
    );
    const command = await timed(() => cli(['verify', '--json', name], signal));
    return { library, command, perCable: library / cables };
  });
  await down(name);
  await settle();
  const perCable = median(samples.get('perCable') ?? []);
  const title = `${cables} cables`;
  const most = cables >= LARGE ? (LIMIT * cables) / LARGE : undefined;
  const limit = (key: string) =>
    most === undefined
      ? []
      : [
          {
            to: `of ${most / 1000} s`,
            value: median(samples.get(key) ?? []) / most,
            target: { most: 1 },
          },
        ];
  bench.report({
    ...rowOf(samples, 'library', 'ms', `${title}: its functions`),
    ratios: limit('library'),
  });
  bench.report({
    ...rowOf(samples, 'command', 'ms', `${title}: the command`),
    ratios: limit('command'),
  });
  bench.report({
    ...rowOf(samples, 'perCable', 'ms', `${title}: for one cable`),
    ratios:
      least === undefined
        ? []
        : [{ to: 'of the smallest size', value: perCable / least, target: { most: GROWTH } }],
  });
  return perCable;
}
