import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand, tryCommand } from '../../../src/apply/command.js';
import { libvirtUri } from '../../../src/apply/libvirt.js';
import { withHosts } from '../../../src/apply/session.js';
import { messageOf } from '../../../src/errors.js';
import type { Plan } from '../../../src/plan/step.js';
import { verifyLab } from '../../../src/verify/verify.js';
import { repeated, rowOf, timed } from '../measure.js';
import { down, planFile, upFile } from '../patchlab.js';
import type { Bench, Section } from '../section.js';
import { writeTopology } from '../topology-file.js';

const BARE = 'bare virsh create';

/** Milliseconds that the guests have to answer. */
const DEADLINE = 300_000;

/** Starting guests: patchlab against virsh with the same XML; a proved cable; memory. */
export const guests: Section = {
  name: 'guests',
  title: 'N guests: up to the last answer of an agent',
  sizes: [1, 2, 4, 8],
  async run(bench) {
    for (const count of bench.sizes) {
      try {
        await measure(bench, count);
      } catch (error) {
        bench.signal.throwIfAborted();
        bench.report({ what: `${count} guests`, skipped: messageOf(error) });
      }
    }
    await proved(bench);
  },
};

async function measure(bench: Bench, count: number): Promise<void> {
  const { signal } = bench;
  const name = `${bench.prefix}-guests${count}`;
  // Without cables, so that virsh needs nothing but the XML.
  const nodes = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`g${index}`, { kind: 'vm' as const }]),
  );
  const file = await writeTopology(bench.folder, { name, nodes });
  const { plan } = await planFile(file, signal);
  bench.defer(() => down(name));
  const samples = await repeated(bench.repeat, async (repetition) => {
    bench.say(`${count} guests: repetition ${repetition + 1} of ${bench.repeat}`);
    signal.throwIfAborted();
    const up = await timed(() => upFile(file, signal));
    const memory = await memoryOf(plan);
    const removed = await timed(() => down(name));
    signal.throwIfAborted();
    const bare = await timedBare(bench, plan);
    return { up, down: removed, memory, [BARE]: bare };
  });
  const title = `${count} guest${count === 1 ? '' : 's'}`;
  bench.report(rowOf(samples, BARE, 'ms', `${title}: ${BARE} and guest-ping`));
  bench.report(rowOf(samples, 'up', 'ms', `${title}: up`, [{ with: BARE }]));
  bench.report(rowOf(samples, 'down', 'ms', `${title}: down`));
  bench.report(rowOf(samples, 'memory', 'MiB', `${title}: memory of a QEMU (PSS)`));
}

const virsh = (...args: readonly string[]): readonly string[] => [
  ...['virsh', '-q', '-c', libvirtUri()],
  ...args,
];

/** Milliseconds from the first `virsh create` to the last answer, all guests at once; the guests are removed again. */
async function timedBare(bench: Bench, plan: Plan): Promise<number> {
  const destroy = (): Promise<unknown> =>
    Promise.all(plan.domains.map(({ name }) => tryCommand(virsh('destroy', name))));
  const files = await Promise.all(
    plan.domains.map(async ({ name, xml }) => {
      const file = join(bench.folder, `${name}.xml`);
      await writeFile(file, xml);
      return { name, file };
    }),
  );
  try {
    return await timed(() =>
      Promise.all(
        files.map(async ({ name, file }) => {
          await runCommand(virsh('create', file), { signal: bench.signal });
          await answers(name, bench.signal);
        }),
      ),
    );
  } finally {
    await destroy();
  }
}

/** Ask the agent of a domain until it answers. */
async function answers(domain: string, signal: AbortSignal): Promise<void> {
  const end = performance.now() + DEADLINE;
  const ping = virsh('qemu-agent-command', domain, '{"execute":"guest-ping"}', '--timeout', '5');
  while ((await tryCommand(ping, { signal })).exitCode !== 0) {
    if (performance.now() > end) throw new Error(`the agent of ${domain} does not answer`);
    await delay(150, undefined, { signal });
  }
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

/** From nothing to a proved cable between two guests. */
async function proved(bench: Bench): Promise<void> {
  const { signal } = bench;
  const name = `${bench.prefix}-proved`;
  const file = await writeTopology(bench.folder, {
    name,
    nodes: {
      a: { kind: 'vm', addresses: { eth1: '10.0.0.1/24' } },
      b: { kind: 'vm', addresses: { eth1: '10.0.0.2/24' } },
    },
    links: [{ kind: 'macvtap', mode: 'vepa', promisc: true, ends: ['a:eth1', 'b:eth1'] }],
  });
  bench.defer(() => down(name));
  try {
    const samples = await repeated(bench.repeat, async (repetition) => {
      bench.say(`two guests, proved: repetition ${repetition + 1} of ${bench.repeat}`);
      signal.throwIfAborted();
      const begin = performance.now();
      const { lab, wiring, plan } = await upFile(file, signal);
      const built = performance.now();
      await withHosts(plan, async (hosts) => {
        const { verdicts } = await verifyLab(lab, wiring, hosts, { signal });
        const bad = verdicts.find(({ outcome }) => outcome !== 'pass');
        if (bad) throw new Error(`${bad.probe} ${bad.from} > ${bad.to}: ${bad.message}`);
      });
      const end = performance.now();
      await down(name);
      return { proved: end - begin, verify: end - built };
    });
    bench.report(rowOf(samples, 'proved', 'ms', '2 guests: up and LLDP, ARP, ICMP proved'));
    bench.report(rowOf(samples, 'verify', 'ms', '2 guests: verify alone'));
  } catch (error) {
    signal.throwIfAborted();
    bench.report({ what: '2 guests: proved', skipped: messageOf(error) });
  }
}
