import { readdir } from 'node:fs/promises';
import { endProcess, processOfFile } from '../../../plan/process-scripts.js';
import { defineThing, type Marked } from '../define.js';

/** Names of the programs whose files are there, whether they still run or were killed. */
async function readNames(): Promise<readonly string[]> {
  const files = await readdir('/run').catch(() => []);
  return files.flatMap((file) => processOfFile(file) ?? []);
}

/** A program that runs for a lab. Its files have the name of the lab, and what runs has it in its environment. */
export const process = defineThing({
  type: 'process',
  noun: 'program',
  mark: (lab) => `its environment has PATCHLAB_PROCESS=${lab}.*`,
  endsWithBoot: true,
  isQuick: true,
  async read() {
    return new Map((await readNames()).map((name) => [name, true] as const));
  },
  isOurs: () => true,
  async marked() {
    return (await readNames()).map((name): Marked => {
      const [lab = ''] = name.split('.');
      return { lab, owned: { type: 'process', name } };
    });
  },
  removal: ({ name }) => ['inside', { tool: 'exec', argv: endProcess(name) }],
});
