import { readFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** The machine that a run was on, for the reader of its numbers. */
export const describeMachine = () => ({
  kernel: release(),
  processor: cpus()[0]?.model ?? 'unknown',
  processors: cpus().length,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  node: process.version,
});

/** Busy and stolen jiffies of all processors, and all jiffies: proc_stat(5). */
async function jiffies(): Promise<{ busy: number; all: number }> {
  const line = (await readFile('/proc/stat', 'utf8')).split('\n')[0] ?? '';
  const fields = line.split(/\s+/).slice(1, 9).map(Number);
  const all = fields.reduce((sum, field) => sum + field, 0);
  return { busy: all - (fields[3] ?? 0) - (fields[4] ?? 0), all };
}

/** Share of the processors' time that others took, from 0 to 1: what was busy and is not this process or its children. */
export async function watchNoise(): Promise<() => Promise<{ others: number; load: number }>> {
  const before = await jiffies();
  const begin = await ownSeconds();
  return async () => {
    const [after, end] = [await jiffies(), await ownSeconds()];
    const hundredths = 100 * (end - begin);
    const others = (after.busy - before.busy - hundredths) / (after.all - before.all);
    return { others: Math.max(0, others), load: loadavg()[0] ?? NaN };
  };
}

/** Seconds of processor time of this process and of its children that have ended: proc_pid_stat(5), fields 14 to 17, in hundredths. */
async function ownSeconds(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100;
}
