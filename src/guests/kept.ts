import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readAllStored } from '../apply/read-stored.js';
import { PatchlabError } from '../errors.js';
import { cacheFolder } from './cache.js';
import { loadDefinition } from './definition.js';
import { memoryOf } from './memory-file.js';
import { readHypervisor, shapeKey, type Hypervisor } from './shape.js';
import { endAllUnfinished } from './make-state.js';
import { isWhole, listStates, type StoredState } from './states.js';

/**
 * What of the cache is of use. `current`: the next guest of its kind starts from it. `old`: its template, QEMU, libvirt or
 * processor are others now. `damaged`: it is not what was stored. `unfinished`: whoever made it was killed.
 * `unknown`: libvirt, which would have to be asked, does not answer.
 */
type Use = 'current' | 'old' | 'damaged' | 'unfinished' | 'unknown';

interface Kept {
  readonly key: string;
  readonly use: Use;
  /** On the disk. */
  readonly bytes: number;
  readonly folder: string;
}

/** An image in the cache. */
interface KeptImage extends Kept {
  readonly name: string;
  /** Labs whose guests have booted it, and do so again when they restart. */
  readonly labs: readonly string[];
}

/** A stored state in the cache; what is not known of a damaged one is missing. */
interface KeptState extends Kept {
  readonly guest?: string;
  /** Bytes of main memory. */
  readonly memory?: number;
  readonly vcpus?: number;
  readonly nics?: number;
  /** ISO 8601. */
  readonly stored?: string;
}

/** What the cache holds. */
export interface Cache {
  readonly images: readonly KeptImage[];
  readonly states: readonly KeptState[];
}

/** Milliseconds after which an unfinished image is not being built any more. */
const BUILD_TIME = 3_600_000;

/** Look at what the cache holds, and at what of it is of use. Changes nothing. */
export async function readCache(): Promise<Cache> {
  const images = await readImages();
  const hypervisor = await readHypervisor().catch((error: unknown) => {
    if (error instanceof PatchlabError) return undefined;
    throw error;
  });
  const current = images.filter(({ use }) => use === 'current');
  const sums = await Promise.all(current.map(({ folder }) => sumOf(folder)));
  const kept = await listStates();
  const states = await Promise.all(
    kept.map(async ({ state, manifest }): Promise<KeptState> => {
      const { key, folder } = state;
      const bytes = await sizeOf(folder);
      if (!manifest) return { key, use: 'damaged', bytes, folder };
      const { shape, stored } = manifest;
      const use = await useOf(state, shapeKey({ ...shape, ...hypervisor }), {
        hypervisor,
        booted: sums.includes(shape.image),
      });
      const { guest, xml } = shape;
      const vcpus = Number(/<vcpu>(\d+)</.exec(xml)?.[1] ?? 1);
      const nics = xml.match(/<interface /g)?.length ?? 0;
      return { key, use, bytes, folder, guest, memory: memoryOf(xml), vcpus, nics, stored };
    }),
  );
  return { images, states };
}

/**
 * Remove what is of no use: images of other versions of their templates (but not while the guests of a lab use them),
 * states that fit nothing any more, what killed builds have left.
 * @param all - remove the rest too, but for images in use
 * @returns what was removed
 */
export async function pruneCache(all: boolean): Promise<Cache> {
  const unfinished = await endAllUnfinished();
  const { images, states } = await readCache();
  const isDue = ({ use }: Kept): boolean => all || (use !== 'current' && use !== 'unknown');
  const due = {
    images: images.filter((image) => isDue(image) && image.labs.length === 0),
    states: states.filter(isDue),
  };
  for (const { folder } of [...due.images, ...due.states])
    await rm(folder, { recursive: true, force: true });
  if (all) await rm(join(cacheFolder(), 'accelerator.json'), { force: true });
  const ended = unfinished.map((key): KeptState => ({
    key,
    use: 'unfinished',
    bytes: 0,
    folder: '',
  }));
  return { images: due.images, states: [...due.states, ...ended] };
}

/** Folders of images that were never finished. */
export const unfinishedImages = async (): Promise<readonly string[]> =>
  (await readImages()).filter(({ use }) => use === 'unfinished').map(({ folder }) => folder);

async function useOf(
  state: StoredState,
  keyNow: string,
  now: { readonly hypervisor: Hypervisor | undefined; readonly booted: boolean },
): Promise<Use> {
  if (!now.hypervisor) return 'unknown';
  if (keyNow !== state.key || !now.booted) return 'old';
  return (await isWhole(state)) ? 'current' : 'damaged';
}

async function readImages(): Promise<readonly KeptImage[]> {
  const root = join(cacheFolder(), 'guests');
  const entries = (await readdir(root).catch(() => [])).sort();
  const used = await usedBy();
  const images = await Promise.all(
    entries.map(async (entry): Promise<readonly KeptImage[]> => {
      const [, name, key, mark] = /^(.+)-([0-9a-f]{12})(\.\w+)?$/.exec(entry) ?? [];
      if (name === undefined || key === undefined) return [];
      const folder = join(root, entry);
      const { mtimeMs } = await stat(folder);
      if (mark !== undefined && Date.now() - mtimeMs < BUILD_TIME) return [];
      const use = mark === undefined ? await useOfImage(name, key, folder) : 'unfinished';
      return [{ name, key, use, bytes: await sizeOf(folder), labs: used(folder), folder }];
    }),
  );
  return images.flat();
}

async function useOfImage(name: string, key: string, folder: string): Promise<Use> {
  const definition = await loadDefinition(name).catch(() => undefined);
  if (definition?.key !== key) return 'old';
  return (await sumOf(folder)) === undefined ? 'damaged' : 'current';
}

/** Tells the labs that are up and whose domains name a file of a folder. One that cannot be read may use any. */
async function usedBy(): Promise<(folder: string) => readonly string[]> {
  const { labs, damaged } = await readAllStored();
  return (folder) => [
    ...labs.flatMap(({ lab, plan }) =>
      plan.domains.some(({ xml }) => xml.includes(`${folder}/`)) ? [lab.name] : [],
    ),
    ...damaged.map(({ name }) => name),
  ];
}

/** SHA-256 of kernel and initramfs of an image, as its manifest says. */
async function sumOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { sha256?: string }).sha256;
}

/** Bytes that the files of a folder take on the disk: holes take none (stat(2), st_blocks of 512 bytes). */
async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder).catch(() => []);
  const stats = await Promise.all(
    files.map((file) => stat(join(folder, file)).catch(() => undefined)),
  );
  return stats.reduce((sum, one) => sum + 512 * (one?.blocks ?? 0), 0);
}
