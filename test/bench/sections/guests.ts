import { readFile } from 'node:fs/promises';
import { locateGuest } from '../../../src/guests/cache.js';
import { ensureState } from '../../../src/guests/make-state.js';
import { readHypervisor } from '../../../src/guests/shape.js';
import type { StoredState } from '../../../src/guests/states.js';
import { messageOf } from '../../../src/errors.js';
import type { Plan } from '../../../src/plan/step.js';
import { nodeKind } from '../../../src/topology/kinds.js';
import { repeated, rowOf, timed } from '../measure.js';
import { down, planFile, upFile, type Planned } from '../patchlab.js';
import type { Bench, Section } from '../section.js';
import { writeTopology } from '../topology-file.js';
import { timedCreate, timedStream } from './guests-bare.js';
import { proveChain, proveDirect } from './guests-proved.js';

const CREATE = 'bare virsh create';
const STREAM = 'bare create + stream';

/** How much of a cold `up` a warm one may take, and how much more than virsh alone. */
const OF_COLD = 0.2;
const OF_STREAM = 1.5;

/** Starting guests, cold and warm: patchlab against virsh with the same XML; proved cables; memory. */
export const guests: Section = {
  name: 'guests',
  title: 'N guests: up to the last answer of an agent, cold and warm',
  sizes: [1, 2, 4, 8, 16],
  async run(bench) {
    for (const count of bench.sizes)
      await attempt(bench, `${count} guests`, () => start(bench, count));
    for (const count of bench.sizes.filter((size) => size > 1))
      await attempt(bench, `chain of ${count} guests`, () => proveChain(bench, count));
    await proveDirect(bench);
  },
};

async function attempt(bench: Bench, what: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    bench.signal.throwIfAborted();
    bench.report({ what, skipped: messageOf(error) });
  }
}

async function start(bench: Bench, count: number): Promise<void> {
  const { signal } = bench;
  const name = `${bench.prefix}-guests${count}`;
  // Without cables, so that virsh needs nothing but the XML.
  const nodes = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`g${index}`, { kind: 'vm' as const }]),
  );
  const file = await writeTopology(bench.folder, { name, nodes });
  const planned = await planFile(file, signal);
  const { plan } = planned;
  // What is stored once is not measured.
  const state = await storedState(planned, signal);
  bench.defer(() => down(name));
  const samples = await repeated(bench.repeat, async (repetition) => {
    bench.say(`${count} guests: repetition ${repetition + 1} of ${bench.repeat}`);
    signal.throwIfAborted();
    const cold = await timed(() => upFile(file, signal, 'cold'));
    const coldMemory = await memoryOf(plan);
    await down(name);
    signal.throwIfAborted();
    const warm = await timed(() => upFile(file, signal));
    const warmMemory = await memoryOf(plan);
    const removed = await timed(() => down(name));
    signal.throwIfAborted();
    const create = await timedCreate(bench, plan);
    const stream = await timedStream(bench, plan, state);
    return { cold, warm, removed, coldMemory, warmMemory, [CREATE]: create, [STREAM]: stream };
  });
  const title = `${count} guest${count === 1 ? '' : 's'}`;
  bench.report(rowOf(samples, CREATE, 'ms', `${title}: ${CREATE} and guest-ping`));
  bench.report(rowOf(samples, 'cold', 'ms', `${title}: up --cold`, [{ with: CREATE }]));
  bench.report(rowOf(samples, STREAM, 'ms', `${title}: ${STREAM} and guest-ping`));
  bench.report(
    rowOf(samples, 'warm', 'ms', `${title}: up, warm`, [
      { with: 'cold', title: 'up --cold', target: { most: OF_COLD } },
      { with: STREAM, target: { most: OF_STREAM } },
    ]),
  );
  bench.report(rowOf(samples, 'removed', 'ms', `${title}: down`));
  bench.report(rowOf(samples, 'coldMemory', 'MiB', `${title}: memory of a cold QEMU (PSS)`));
  const memory = [{ with: 'coldMemory', title: 'a cold one' }];
  bench.report(
    rowOf(samples, 'warmMemory', 'MiB', `${title}: memory of a warm QEMU (PSS)`, memory),
  );
}

/** The stored state from which the guests of a lab start; all of them are of one shape. */
async function storedState({ lab, facts }: Planned, signal: AbortSignal): Promise<StoredState> {
  const [node] = lab.nodes;
  const template = node && nodeKind(node.kind).template?.(node as never, facts);
  const image = template && (await locateGuest(template.guest));
  if (!image) throw new Error('there is no image to start from');
  const { guest, xml } = template;
  return ensureState({ ...(await readHypervisor()), guest, xml, image: image.sha256 }, { signal });
}

/** Mebibytes of a domain's QEMU, mean: what it shares counts in part. proc_pid_smaps(5) */
async function memoryOf({ domains }: Plan): Promise<number> {
  const sizes = await Promise.all(
    domains.map(async ({ name }) => {
      const pid = (await readFile(`/run/libvirt/qemu/${name}.pid`, 'utf8')).trim();
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
      return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? NaN) / 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}
