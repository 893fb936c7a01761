import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseStored } from '../apply/parse-stored.js';
import { ownEnvironment } from '../apply/rootless/folders.js';
import { isLabName, labsDir } from '../apply/state.js';
import type { Lab } from '../topology/lab.js';
import { shippedLabs } from '../topology/load-labs.js';
import type { Takes } from './define.js';
import { isRoot } from './root.js';

/** The names that completion offers. What is stored is taken as it is: to hold it against its schema costs more than all else. */

/** Where labs are looked for. */
export interface LabsMeant {
  /** The lab that was named before; all where none was. */
  readonly lab?: string | undefined;
  /** Those of the user, in namespaces of his own. */
  readonly rootless: boolean;
}

/** Names of things of a kind, and those of files where files may be meant. */
export async function namesOf(
  takes: Exclude<Takes, readonly string[]>,
  meant: LabsMeant,
): Promise<readonly string[]> {
  const folder = folderOf(meant);
  const up = await labsIn(folder);
  if (takes === 'lab') return up;
  if (takes === 'topology') return [...new Set([...up, ...shippedLabs().map(({ name }) => name)])];
  const names = meant.lab === undefined ? up : up.filter((name) => name === meant.lab);
  const labs = await Promise.all(names.map((name) => readQuickly(join(folder, name))));
  const found = await Promise.all(labs.map(async (lab) => (lab ? NAMES[takes](lab) : [])));
  return [...new Set(found.flat())];
}

const stacks = ({ nodes }: Lab): readonly string[] =>
  nodes.flatMap((node) => node.stacks.map(({ id }) => id));
const links = (lab: Lab): readonly string[] => lab.links.map(({ id }) => id);
const ports = (lab: Lab): readonly string[] =>
  lab.links.flatMap(({ ends }) => ends.map(({ port }) => port.ref));

/** What a lab has of each kind of thing. */
const NAMES = {
  stack: stacks,
  link: links,
  port: (lab: Lab) => [...stacks(lab), ...ports(lab)],
  end: (lab: Lab) => [...links(lab), ...ports(lab)],
  async place(lab: Lab): Promise<readonly string[]> {
    // Large; only hops need it.
    const [{ wire }, { ANY_FACTS }] = await Promise.all([
      import('../plan/wire.js'),
      import('../links/define.js'),
    ]);
    const labels = [...wire(lab, ANY_FACTS).graph.hops.values()].map(({ label }) => label);
    return [...stacks(lab), ...links(lab), ...labels];
  },
};

const folderOf = ({ rootless }: LabsMeant): string =>
  rootless || !isRoot()
    ? join(ownEnvironment(process.env)['PATCHLAB_STATE'] ?? '', 'labs')
    : labsDir();

const labsIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).filter(isLabName).sort();

/** A lab as it is stored; nothing where that is damaged, which is for others to tell. */
async function readQuickly(folder: string): Promise<Lab | undefined> {
  try {
    const stored = parseStored(await readFile(join(folder, 'lab.json'), 'utf8'));
    return (stored as { readonly lab: Lab }).lab;
  } catch {
    return undefined;
  }
}
