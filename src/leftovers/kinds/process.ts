import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ALIVE } from '../../apply/hosts/outlast.js';
import { isOfDead, startOf } from '../../apply/scratch.js';
import { defineLeftover, type Leftover } from '../define.js';

interface OfProcess extends Leftover {
  readonly pid: number;
  /** When it was started: ids are used again. */
  readonly start: string | undefined;
}

/** Programs that a killed patchlab has started and that have outlived it: they still have the variable by which it says that it lives. */
export const ofProcess = defineLeftover<OfProcess>({
  kind: 'process',
  find() {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return Promise.resolve(pids.flatMap((pid) => processOf(pid) ?? []));
  },
  remove(found) {
    for (const { pid, start } of found)
      if (startOf(pid) === start && processOf(String(pid))) process.kill(pid, 'SIGKILL');
    return Promise.resolve();
  },
});

function processOf(pid: string): OfProcess | undefined {
  const start = startOf(pid);
  const alive = fieldsOf(pid, 'environ').find((field) => field.startsWith(`${ALIVE}=`));
  if (alive === undefined || !isOfDead(basename(dirname(alive)))) return undefined;
  const command = fieldsOf(pid, 'cmdline').join(' ').trim().slice(0, 80);
  const why = `a patchlab that was killed has started it: ${alive}`;
  return { what: 'process', name: `${pid} ${command}`, why, pid: Number(pid), start };
}

/** Fields of a file of a process, proc(5); none where it has ended, or is another user's. */
function fieldsOf(pid: string, file: 'environ' | 'cmdline'): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
