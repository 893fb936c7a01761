import { z } from 'zod';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { runCommand, tryCommand } from '../../../src/apply/command.js';
import { openAgent } from '../../../src/apply/hosts/agent.js';
import { libvirtUri } from '../../../src/apply/libvirt.js';
import { onMemoryFile } from '../../../src/guests/memory-file.js';
import type { StoredState } from '../../../src/guests/states.js';
import type { Plan } from '../../../src/plan/step.js';
import { timed } from '../measure.js';
import type { Bench } from '../section.js';

/** What guests cost without patchlab: virsh, one process for each thing to do, all guests at once. */

/** Milliseconds that the guests have to answer. */
const DEADLINE = 300_000;

const virsh = (...args: readonly string[]): readonly string[] => [
  ...['virsh', '-q', '-c', libvirtUri()],
  ...args,
];

/** Milliseconds from the first `virsh create` to the last answer; the guests are removed again. */
export const timedCreate = (bench: Bench, plan: Plan): Promise<number> =>
  timedGuests(bench, plan, (_name, xml) => ({ xml }));

/** The same from a stored state of their shape: create, and stream in what is not memory. */
export const timedStream = (bench: Bench, plan: Plan, state: StoredState): Promise<number> =>
  timedGuests(bench, plan, (name, xml) => ({
    xml: onMemoryFile(xml, state.memory, 'private'),
    after: () => stream(name, state.devices),
  }));

async function timedGuests(
  bench: Bench,
  plan: Plan,
  start: (name: string, xml: string) => { xml: string; after?: () => Promise<void> },
): Promise<number> {
  const guests = await Promise.all(
    plan.domains.map(async ({ name, xml }) => {
      const { xml: own, after } = start(name, xml);
      const file = join(bench.folder, `${name}.xml`);
      await writeFile(file, own);
      return { name, file, after };
    }),
  );
  try {
    return await timed(() =>
      Promise.all(
        guests.map(async ({ name, file, after }) => {
          await runCommand(virsh('create', file), { signal: bench.signal });
          await after?.();
          await answers(name, bench.signal);
        }),
      ),
    );
  } finally {
    await Promise.all(guests.map(({ name }) => tryCommand(virsh('destroy', name))));
  }
}

async function stream(domain: string, devices: string): Promise<void> {
  const file = await open(devices);
  const command = async (execute: string, args?: object, ...options: string[]) => {
    const text = JSON.stringify({ execute, ...(args && { arguments: args }) });
    const [program = '', ...words] = virsh('qemu-monitor-command', domain, ...options, text);
    // execa takes every descriptor, though its types stop at 9.
    const stdio = ['ignore', 'pipe', 'pipe', file.fd as 3] as const;
    return (await execa(program, words, { stdio })).stdout;
  };
  const capabilities = [{ capability: 'x-ignore-shared', state: true }];
  await command('migrate-set-capabilities', { capabilities });
  await command('getfd', { fdname: 'state' }, '--pass-fds', '3');
  await command('migrate-incoming', { uri: 'fd:state' });
  while (!(await command('query-migrate')).includes('"completed"')) await delay(2);
  await file.close();
}

/** Ask the agent of a domain until it answers, by one virsh: a process for each question would keep the processors busy. */
async function answers(domain: string, signal: AbortSignal): Promise<void> {
  const end = performance.now() + DEADLINE;
  const agent = openAgent(domain);
  const ping = (): Promise<boolean> =>
    agent.command('guest-ping', z.unknown(), { seconds: 5 }).then(
      () => true,
      () => false,
    );
  try {
    while (!(await ping())) {
      if (performance.now() > end) throw new Error(`the agent of ${domain} does not answer`);
      await delay(50, undefined, { signal });
    }
  } finally {
    agent.close();
  }
}
