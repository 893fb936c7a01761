import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { LabDefinition } from '../../src/topology/define-lab.js';

/** Write a topology as a YAML file; the folder is made where it is missing. @returns its path */
export async function writeTopology(folder: string, topology: LabDefinition): Promise<string> {
  const file = join(folder, `${topology.name}.yaml`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, stringify(topology));
  return file;
}
