import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from './observe.js';
import { writePcap } from './pcap.js';

/** Write what was captured, a file for each hop, named after it. @returns the files' names */
export async function writeEvidence(
  folder: string,
  captures: Evidence['captures'],
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const digits = String(captures.length).length;
  return Promise.all(
    captures.map(async ({ hop, frames }, index) => {
      const number = String(index + 1).padStart(digits, '0');
      const name = `${number}-${hop.label.replaceAll(/[^\w.-]+/g, '_')}.pcap`;
      await writeFile(join(folder, name), writePcap(frames));
      return name;
    }),
  );
}
