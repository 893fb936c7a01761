import { readdirSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { readLab } from '../apply/list.js';
import { placeOf } from '../apply/read-stored.js';
import { isHeld } from '../apply/rootless/folders.js';
import { storedNames, type Stored } from '../apply/state.js';
import { PatchlabError } from '../errors.js';
import type { Lab } from '../topology/lab.js';
import { isOnMachine } from '../where.js';
import { isFile, shippedLab, shippedLabs } from '../topology/load-labs.js';
import { closest } from '../topology/suggest.js';
import type { Source } from '../topology/source.js';
import type { Located } from '../topology/topology-error.js';
import type { Context } from './define.js';

/** Read a topology. The reader of files is large: it is loaded where a file is read. */
const readTopology = async (file: string): Promise<Lab> =>
  (await (await import('../topology/load.js')).loadTopology(file)).lab;

/** The file that is meant: the one that is named, or that of a lab that comes with patchlab where none of the name is up. */
async function fileOf(target: string): Promise<string | undefined> {
  if (isFile(target)) return target;
  const shipped = shippedLab(target)?.file;
  return shipped !== undefined && (await placeOf(target)) === undefined ? shipped : undefined;
}

/**
 * The lab that is meant: a topology file, or the name of a lab that is up or comes with patchlab.
 * @throws PatchlabError `lab/unknown`, and what is wrong with the file
 */
export async function labOf(target: string): Promise<Lab> {
  const file = await fileOf(target);
  return file === undefined ? (await storedLab(target)).lab : readTopology(file);
}

/** A lab, and what holds in its file but is mostly a slip. */
export interface Meant {
  readonly lab: Lab;
  readonly warnings: readonly Located[];
  /** The file, unless the lab was named. */
  readonly source: Source | undefined;
}

/**
 * The same as `labOf`, and what its file is to be warned of is said.
 * @param inGuest - a guest is to hold the lab; where it is up already, what holds it goes on to
 */
export async function meantBy(target: string, context: Context, inGuest = false): Promise<Meant> {
  const file = await fileOf(target);
  if (file === undefined) {
    const { lab } = await storedLab(target);
    return { lab, warnings: [], source: undefined };
  }
  const { loadTopology } = await import('../topology/load.js');
  const { formatProblem } = await import('../topology/topology-error.js');
  const rootless = isHeld();
  const first = await loadTopology(file, { inGuest, rootless });
  const moves = !inGuest && (await isInGuest(first.lab.name));
  const { lab, source, warnings } = moves
    ? await loadTopology(file, { inGuest: true, rootless })
    : first;
  for (const warning of warnings) context.say(formatProblem(source, warning));
  return { lab, warnings, source };
}

/** Is a lab known, and held by a guest? */
async function isInGuest(name: string): Promise<boolean> {
  const place = await placeOf(name);
  return place !== undefined && !isOnMachine(place);
}

/** The name of the lab that is meant, whether it is up or not. */
export const labNameOf = async (target: string): Promise<string> =>
  isFile(target) ? (await readTopology(target)).name : target;

/**
 * A lab that is up, by its name.
 * @throws PatchlabError `lab/unknown`, with the lab or the file that may be meant
 */
export async function storedLab(name: string): Promise<Stored> {
  try {
    return await readLab(name);
  } catch (error) {
    if (!(error instanceof PatchlabError) || error.code !== 'lab/unknown') throw error;
    throw new PatchlabError('lab/unknown', {
      what: error.what,
      fix: await remedyFor(name),
      cause: error,
    });
  }
}

/** What may be meant by the name of a lab that is not up: a lab that is, a file that lies near, or one that comes with patchlab. */
async function remedyFor(name: string): Promise<string> {
  const names = await storedNames();
  // What lies near comes last, and takes the place of what comes with patchlab.
  const files = new Map([...shippedLabs().map((lab) => [lab.name, lab.name] as const), ...near()]);
  const file = files.get(name);
  if (file !== undefined) return `Build it first: \`patchlab up ${file}\`.`;
  const up = closest(name, names);
  if (up !== undefined) return `Did you mean \`${up}\`?`;
  const other = files.get(closest(name, files.keys()) ?? '');
  if (other !== undefined) return `Did you mean ${isFile(other) ? 'the file ' : ''}\`${other}\`?`;
  const more = '`patchlab labs` lists those that come with patchlab.';
  return names.length === 0
    ? `No lab is up: build one first with \`patchlab up FILE\`; ${more}`
    : `Up are ${names.map((one) => `\`${one}\``).join(', ')}; ${more}`;
}

/** Files of this folder that may be topologies, by their names without extension. */
function near(): readonly (readonly [name: string, file: string])[] {
  try {
    const files = readdirSync('.').filter((file) => /\.(ya?ml|ts)$/.test(file));
    return files.map((file) => [basename(file, extname(file)), file]);
  } catch {
    // A folder that cannot be read, or is gone, has nothing to offer.
    return [];
  }
}

/**
 * What is stored about the lab that a target names, whatever its file says by now.
 * @throws PatchlabError `lab/unknown`
 */
export async function storedOf(target: string): Promise<Stored> {
  if (!isFile(target)) return storedLab(target);
  return storedFor(target, (await readTopology(target)).name);
}

/** The lab of a file. @throws PatchlabError `lab/unknown`, with how to build it */
export async function storedFor(file: string, name: string): Promise<Stored> {
  try {
    return await readLab(name);
  } catch (error) {
    if (!(error instanceof PatchlabError) || error.code !== 'lab/unknown') throw error;
    throw new PatchlabError('lab/unknown', {
      what: `Lab \`${name}\` of ${file} is not up.`,
      fix: `Build it first: \`patchlab up ${file}\`.`,
      cause: error,
    });
  }
}

/** What is half built does not do what the model says, and says nothing about it. @throws PatchlabError `lab/half-built` */
export function demandBuilt({ lab: { name }, state }: Stored): void {
  if (state === 'up') return;
  const removing = state === 'removing';
  throw new PatchlabError('lab/half-built', {
    what: `Lab \`${name}\` is ${removing ? 'only partly removed' : 'half built'}.`,
    why: `\`patchlab ${removing ? 'down' : 'up'}\` has not ended yet, or was broken off`,
    fix: `Wait for it, or run \`patchlab down ${name}\` and then \`patchlab up\` again.`,
  });
}
