import { readFile } from 'node:fs/promises';

/** An id that differs from boot to boot: proc_sys_kernel(5), random/boot_id. */
export const bootId = async (): Promise<string> =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
