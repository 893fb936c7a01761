import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../../src/apply/command.js';
import { chainTopology } from '../chain.js';
import { repeated, rowOf, timed } from '../measure.js';
import { PROGRAM } from '../patchlab.js';
import type { Bench, Section } from '../section.js';
import { settle } from '../settle.js';
import { writeTopology } from '../topology-file.js';

/** How long a user who is not root may take, in times of root. */
const MOST = 1.2;
/** The size that the target is meant for. */
const LARGE = 200;
/** Nobody else on this machine. */
const USER = 64_321;

/** Building a chain as root, and as a user who is not, from nothing: the namespaces that hold his labs are made too. */
export const rootless: Section = {
  name: 'rootless',
  title: 'a chain of N namespaces on veth cables: up and down as root, and as a user who is not',
  sizes: [50, LARGE],
  async run(bench) {
    // The user has to find the files.
    await chmod(bench.folder, 0o755);
    for (const size of bench.sizes) await measure(bench, size);
  },
};

async function measure(bench: Bench, size: number): Promise<void> {
  const { signal, folder } = bench;
  const name = `${bench.prefix}-rootless${size}`;
  const file = await writeTopology(folder, chainTopology(name, size));
  const home = join(folder, `home${size}`);
  await mkdir(home);
  await chown(home, USER, USER);
  const setpriv = ['setpriv', '--reuid', `${USER}`, '--regid', `${USER}`, '--clear-groups'];
  const user = ['env', '-u', 'XDG_STATE_HOME', `HOME=${home}`, `PATCHLAB_STATE=${home}/state`];
  const who: Readonly<Record<string, readonly string[]>> = {
    root: [PROGRAM],
    'who is not root': [...setpriv, ...user, process.execPath, PROGRAM],
  };
  const samples = await repeated(bench.repeat, async (repetition) => {
    bench.say(`rootless chain of ${size}: repetition ${repetition + 1} of ${bench.repeat}`);
    const times: Record<string, number> = {};
    for (const [title, argv] of Object.entries(who)) {
      const run = (...words: readonly string[]) => runCommand([...argv, ...words], { signal });
      try {
        times[`up ${title}`] = await timed(() => run('up', file));
      } finally {
        times[`down ${title}`] = await timed(() => runCommand([...argv, 'down', name]));
      }
      await settle();
    }
    return times;
  });
  for (const way of ['up', 'down'])
    for (const title of Object.keys(who)) {
      const target = way === 'up' && size >= LARGE ? { target: { most: MOST } } : {};
      const compared = title === 'root' ? [] : [{ with: `${way} root`, title: 'root', ...target }];
      bench.report(rowOf(samples, `${way} ${title}`, 'ms', `${size} ${way}: ${title}`, compared));
    }
}
