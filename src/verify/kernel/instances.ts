import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tryCommand } from '../../apply/command.js';
import { pidNamespace } from '../../apply/scratch.js';
import { shell } from '../run/scripts.js';

/** Instances of the kernel's trace. Their names tell the process that has made them: its namespace of numbers first, its number last. */

/** Run a script where the trace file system is mounted for it alone. */
export const traced = (script: string, ...args: readonly string[]): readonly string[] => [
  ...['unshare', '-m', '--propagation', 'private'],
  ...shell(`mount -t tracefs none /sys/kernel/tracing || exit 1\n${script}`, ...args),
];

/** The name of a new instance. */
export const instanceName = (): string =>
  `patchlab-${pidNamespace()}:${randomUUID()}:${process.pid}`;

const NAME = /^patchlab-(\d+):[-0-9a-f]{36}:(\d+)$/;

/** Milliseconds. */
const TIME = 10_000;

/** Instances of processes that have ended; none where there is no trace file system. */
export async function deadInstances(): Promise<readonly string[]> {
  const argv = traced('ls /sys/kernel/tracing/instances');
  const { stdout } = await tryCommand(argv, { timeout: TIME });
  return stdout.split('\n').filter((name) => {
    const [, space, pid = ''] = NAME.exec(name) ?? [];
    return space === pidNamespace() && !existsSync(`/proc/${pid}`);
  });
}

/** Remove instances. */
export async function removeInstances(names: readonly string[]): Promise<void> {
  const argv = traced('cd /sys/kernel/tracing/instances && rmdir -- "$@"', ...names);
  await tryCommand(argv, { timeout: TIME });
}
