import { ownNetwork } from '../own-network.js';
import { bad, defineCheck, good, saying, type KernelPart } from './define.js';
import { hasModule } from './kernel-module.js';

interface Discipline extends Required<KernelPart> {
  /** What to tell tc(8). */
  readonly words: readonly string[];
}

/** Disciplines that impairments take, by the names that tc(8) has for them: net/sched/Kconfig. */
export const QDISCS: Readonly<Record<string, Discipline>> = {
  netem: { config: 'NET_SCH_NETEM', module: 'sch_netem', words: ['delay', '1ms'] },
  tbf: {
    ...{ config: 'NET_SCH_TBF', module: 'sch_tbf' },
    words: ['rate', '1Mbit', 'burst', '4kb', 'limit', '16kb'],
  },
};

export const qdisc = defineCheck({
  name: 'qdisc',
  title: 'Kernel impairs what a device sends',
  doc: 'Delay, jitter, loss, duplicates, other orders and damage of `impair` are made by netem, a rate alone by tbf. Without them such a lab is built in guests alone.',
  argument: { meaning: 'discipline as in `tc qdisc add`: `netem` or `tbf`' },
  severity: 'error',
  kernel: (name) => QDISCS[name],
  needs: ['unshare', 'tc'],
  async run(name, context) {
    const known = QDISCS[name];
    if (!known) throw new TypeError(`no discipline of a queue: ${name}`);
    const argv = ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', name, ...known.words];
    const result = await context.run([...ownNetwork(), ...argv]);
    if (result.exitCode === 0) return good('one was made');
    if (!/kind is unknown/i.test(saying(result)))
      return bad(`\`tc\` failed: ${saying(result)}`, 'run patchlab as root outside of containers');
    return (await hasModule(known.module, context))
      ? bad(
          `This kernel has no \`${name}\`, though there is a module for it.`,
          `modprobe ${known.module}`,
        )
      : bad(
          `This kernel has no \`${name}\`, which impairs what devices of namespaces on this host send: it has neither CONFIG_${known.config} nor a module ${known.module}.`,
          `let a guest hold the lab, whose kernel has it: \`patchlab up --in-guest\`; or impair the ends in guests only, or boot a kernel that has CONFIG_${known.config} (Debian: apt-get install linux-image-amd64)`,
        );
  },
});
