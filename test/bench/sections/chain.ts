import { join } from 'node:path';
import { bareIp } from '../bare-ip.js';
import { chainTopology } from '../chain.js';
import { repeated, rowOf, timed, type Comparison } from '../measure.js';
import { mininetChain, mininetLacks } from '../mininet.js';
import { cli, down, planFile, upFile } from '../patchlab.js';
import type { Bench, Section } from '../section.js';
import { settle } from '../settle.js';
import { writeTopology } from '../topology-file.js';

/** How long building may take, in times of bare `ip -batch`. */
const MOST: Readonly<Record<string, number>> = { library: 1.1, command: 1.3 };

/** The size that the targets are meant for. */
const LARGE = 500;

const BARE = 'bare ip -batch';
const MININET = 'Mininet';

/** Building and removing a chain of namespaces: patchlab, the same commands by iproute2 alone, Mininet. */
export const chain: Section = {
  name: 'chain',
  title: 'a chain of N namespaces on veth cables with addresses: up and down',
  sizes: [50, 200, 500],
  async run(bench) {
    const lacks = await mininetLacks();
    if (lacks !== undefined) bench.report({ what: MININET, skipped: lacks });
    for (const size of bench.sizes) await measure(bench, size, lacks === undefined);
  },
};

async function measure(bench: Bench, size: number, mininet: boolean): Promise<void> {
  const { signal } = bench;
  const name = `${bench.prefix}-chain${size}`;
  const file = await writeTopology(bench.folder, chainTopology(name, size));
  const { plan } = await planFile(file, signal);
  const bare = await bareIp(join(bench.folder, name), plan);
  bench.defer(() => down(name));

  const samples = await repeated(bench.repeat, async (repetition) => {
    bench.say(`chain of ${size}: repetition ${repetition + 1} of ${bench.repeat}`);
    const times: Record<string, number> = {};
    const pause = async (): Promise<void> => {
      await settle();
      signal.throwIfAborted();
    };
    try {
      times[`up ${BARE}`] = await timed(() => bare.make(signal));
    } finally {
      times[`down ${BARE}`] = await timed(() => bare.remove());
    }
    await pause();
    times['up library'] = await timed(() => upFile(file, signal));
    times['down library'] = await timed(() => down(name));
    await pause();
    times['up command'] = await timed(() => cli(['up', file], signal));
    times['down command'] = await timed(() => cli(['down', name], signal));
    await pause();
    if (mininet) {
      const { start, stop } = await mininetChain(size, signal);
      times[`up ${MININET}`] = start;
      times[`down ${MININET}`] = stop;
      await pause();
    }
    return times;
  });

  const large = size >= LARGE;
  const compare = (way: string, who: string): readonly Comparison[] => [
    {
      with: `${way} ${BARE}`,
      title: BARE,
      ...(large && way === 'up' && { target: { most: MOST[who] ?? 1 } }),
    },
    {
      with: `${way} ${MININET}`,
      title: MININET,
      inverse: true,
      ...(large && { target: { least: way === 'up' ? 4 : 10 } }),
    },
  ];
  const titles = {
    [BARE]: BARE,
    library: 'patchlab, its functions',
    command: 'patchlab, the command',
  };
  for (const way of ['up', 'down']) {
    for (const [who, title] of Object.entries(titles))
      bench.report(
        rowOf(
          samples,
          `${way} ${who}`,
          'ms',
          `${size} ${way}: ${title}`,
          who === BARE ? [] : compare(way, who),
        ),
      );
    if (mininet)
      bench.report(rowOf(samples, `${way} ${MININET}`, 'ms', `${size} ${way}: ${MININET}`));
  }
}
