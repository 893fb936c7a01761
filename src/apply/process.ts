import { readFile } from 'node:fs/promises';

/** An id that differs from boot to boot: proc_sys_kernel(5), random/boot_id. */
export const bootId = async (): Promise<string> =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();

/**
 * When a process was started, in clock ticks since boot (proc_pid_stat(5), field 22); nothing where no
 * such process runs. With the boot id it tells a process from a later one with the same number.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name, in parentheses, may hold anything; field 3 follows its end. Z is dead and not yet reaped.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}
