import { join } from 'node:path';
import { bareIp } from '../bare-ip.js';
import { chainTopology } from '../chain.js';
import { median, repeated, rowOf, timed } from '../measure.js';
import { cli, down, planFile } from '../patchlab.js';
import type { Bench, Section } from '../section.js';
import { settle } from '../settle.js';
import { writeTopology } from '../topology-file.js';

/** The size that the target is meant for, and the milliseconds that the change may take. */
const LARGE = 500;
const LIMIT = 1_000;

const BARE = 'building all of it with bare ip -batch';
const WAYS = {
  '--no-verify': 'one address, the command with --no-verify',
  verified: 'one address, the command, with what it touches verified',
} as const;

/** Changing one address of a chain that is up, next to building all of it. */
export const change: Section = {
  name: 'change',
  title: 'a chain of N namespaces that is up: one address is changed in place',
  sizes: [50, LARGE],
  async run(bench) {
    for (const size of bench.sizes) await measure(bench, size);
  },
};

async function measure(bench: Bench, size: number): Promise<void> {
  const { signal } = bench;
  const name = `${bench.prefix}-change${size}`;
  const built = chainTopology(name, size);
  const other = { ...built, nodes: { ...built.nodes, n0: withOtherAddress } };
  // A file is named like its lab.
  const files = [
    await writeTopology(join(bench.folder, 'built'), built),
    await writeTopology(join(bench.folder, 'other'), other),
  ] as const;
  const { plan } = await planFile(files[0], signal);
  const bare = await bareIp(join(bench.folder, name), plan);
  bench.defer(() => down(name));

  const samples = await repeated(bench.repeat, async (repetition) => {
    bench.say(`change of ${size}: repetition ${repetition + 1} of ${bench.repeat}`);
    const times: Record<string, number> = {};
    try {
      times[BARE] = await timed(() => bare.make(signal));
    } finally {
      await bare.remove();
    }
    await settle();
    await cli(['up', files[0]], signal);
    times['--no-verify'] = await timed(() => cli(['up', files[1], '--no-verify'], signal));
    times.verified = await timed(() => cli(['up', files[0]], signal));
    await down(name);
    await settle();
    return times;
  });

  bench.report(rowOf(samples, BARE, 'ms', `${size}: ${BARE}`));
  for (const [way, title] of Object.entries(WAYS)) {
    const row = rowOf(samples, way, 'ms', `${size}: ${title}`, [{ with: BARE, title: 'that' }]);
    const value = median(samples.get(way) ?? []) / LIMIT;
    const limit = { to: `of ${LIMIT}`, value, target: { most: 1 } };
    const isMeant = size >= LARGE && way === '--no-verify';
    bench.report({ ...row, ratios: [...(row.ratios ?? []), ...(isMeant ? [limit] : [])] });
  }
}

/** The first node of the chain with another address. */
const withOtherAddress = {
  kind: 'netns' as const,
  addresses: { right: '10.0.0.9/24' },
};
