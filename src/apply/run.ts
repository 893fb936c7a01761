import type { Starter } from '../guests/starter.js';
import { messageOf, PatchlabError } from '../errors.js';
import type { Step } from '../plan/step.js';
import { batchesOf } from '../plan/tools/batches.js';
import { awaitAgent } from './await-agent.js';
import type { OnEvent } from './events.js';
import { execute, stepFailed, type Executors } from './execute.js';
import type { Hosts } from './hosts/define.js';
import type { LabHosts } from './hosts/index.js';
import type { Journal } from './journal.js';
import { nameNic } from './name-nic.js';
import { attachNic, detachNic } from './plug-nic.js';
import { schedule } from './schedule.js';

export interface ApplyOptions {
  readonly hosts: Hosts;
  /** What does the work of tools that are no program; without one the program of the tool runs. */
  readonly executors?: Executors;
  readonly journal: Pick<Journal, 'begin' | 'done'>;
  /** Once aborted, no further batch begins. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: OnEvent | undefined;
  /** Batches that run at the same time. */
  readonly concurrency?: number | undefined;
}

/**
 * Domains and their NICs by libvirt, agents by asking until they answer, names of NICs by their addresses.
 * @param starter - starts the guests; without it each boots
 */
export const libvirtExecutors = (hosts: LabHosts, starter?: Starter): Executors => ({
  'create-domain': (command, signal) =>
    starter ? starter.create(command, signal) : hosts.libvirt.create(command.xml),
  'destroy-domain': async ({ uuid }) => {
    await hosts.libvirt.destroy(uuid);
  },
  'await-agent': async ({ domain, seconds }, signal) => {
    if (starter?.hasAnswered(domain)) return;
    await awaitAgent(hosts, domain, signal, seconds === undefined ? undefined : seconds * 1000);
  },
  'attach-nic': (command, signal) => attachNic(hosts, command, signal),
  'detach-nic': (command, signal) => detachNic(hosts, command, signal),
  'name-nic': (command, signal, where) => nameNic(hosts, where, command, signal),
});

/**
 * Run the steps of a lab, stage by stage. Nothing is taken back here: what began is in the journal.
 * @throws PatchlabError `apply/step` for the first step that failed, `apply/aborted`; some causes keep their own code
 */
export async function applySteps(
  lab: string,
  steps: readonly Step[],
  options: ApplyOptions,
): Promise<void> {
  const { hosts, journal, executors = {} } = options;
  await unlessBrokenOff(lab, options.signal, () =>
    schedule(batchesOf(steps), { ...options, phase: 'build' }, async (batch, signal) => {
      await journal.begin(batch.steps);
      const [failure] = await execute(batch, { hosts, executors, signal });
      if (failure) throw stepFailed(failure);
      await journal.done(batch.steps);
    }),
  );
}

/** Whatever fails once the signal is aborted fails for that. @throws PatchlabError `apply/aborted` */
export async function unlessBrokenOff(
  lab: string,
  signal: AbortSignal | undefined,
  task: () => Promise<void>,
): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new PatchlabError('apply/aborted', {
      what: `Building lab \`${lab}\` was broken off.`,
      why: messageOf(signal.reason),
      cause: error,
    });
  }
}
