import { readFile } from 'node:fs/promises';
import { formatBytes, parseBytes } from './bytes.js';
import { bad, defineCheck, good } from './define.js';

/** MemAvailable of `/proc/meminfo` (proc(5)), in bytes. */
export function memAvailable(meminfo: string): number | undefined {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

export const memory = defineCheck({
  name: 'memory',
  title: 'Enough memory',
  doc: 'Virtual machines that do not fit into memory make the host swap, or the kernel kills one of them.',
  argument: { meaning: 'bytes; those of all the nodes of a lab are added up' },
  severity: 'warning',
  ofLab: true,
  combine: (args) => String(args.reduce((sum, arg) => sum + parseBytes(arg), 0)),
  async run(arg) {
    const needed = parseBytes(arg);
    const available = memAvailable(await readFile('/proc/meminfo', 'utf8'));
    if (available === undefined) {
      return bad('`/proc/meminfo` does not say how much memory is available.', 'free --mebi');
    }
    const found = `${formatBytes(available)} available, ${formatBytes(needed)} needed`;
    return available >= needed
      ? good(found)
      : bad(
          found,
          'give the virtual machines less `memory`, or take down other labs: patchlab list',
        );
  },
});
