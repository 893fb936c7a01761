import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isHeld } from '../apply/rootless/folders.js';
import { makeScratch } from '../apply/scratch.js';
import { PatchlabError } from '../errors.js';
import type { GuestFiles } from '../links/define.js';
import { loadDefinition, type GuestDefinition } from './definition.js';
import { findKernel, makeInitramfs } from './image.js';
import { addOwnModules } from './own-modules.js';
import { unpackPackages, type Work } from './packages.js';

/** The machine's own, which all may read. */
const MACHINE = '/var/cache/patchlab';

/** Where images and what is remembered of the host are kept; may be deleted at any time. */
export const cacheFolder = (): string => process.env.PATCHLAB_CACHE ?? MACHINE;

/** A built guest image. */
export interface GuestImage extends GuestFiles {
  readonly name: string;
  readonly key: string;
  /** SHA-256 of kernel and initramfs. */
  readonly sha256: string;
}

/** Where an image is or would be. */
export type GuestPaths = Omit<GuestImage, 'sha256'>;

interface Output {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What `manifest.json` beside an image says. */
interface Manifest {
  readonly name: string;
  readonly key: string;
  readonly packages: readonly string[];
  /** SHA-256 of kernel and initramfs, one after the other. */
  readonly sha256: string;
  readonly outputs: { readonly vmlinuz: Output; readonly initrd: Output };
  readonly kernelArgs: readonly string[];
  /** When it was built, ISO 8601. */
  readonly built: string;
}

const folderOf = ({ name, key }: GuestDefinition, cache = cacheFolder()): string =>
  join(cache, 'guests', `${name}-${key}`);

const manifestIn = (folder: string): string => join(folder, 'manifest.json');

/** Where an image is or would be: labs of a user who is not root take what the machine has where there is none of the user's. */
function foundFolder(definition: GuestDefinition): string {
  const [own, shared] = [folderOf(definition), folderOf(definition, MACHINE)];
  const takesShared = isHeld() || process.geteuid?.() !== 0;
  return takesShared && !existsSync(manifestIn(own)) && existsSync(manifestIn(shared))
    ? shared
    : own;
}

const filesIn = (folder: string, definition: GuestDefinition): GuestFiles => ({
  kernel: join(folder, 'vmlinuz'),
  initrd: join(folder, 'initrd'),
  kernelArgs: definition.kernelArgs,
});

const sha256 = (...parts: readonly Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** The files and the key that a template's image has or would have; it need not be built. */
export async function guestPaths(name: string): Promise<GuestPaths> {
  const definition = await loadDefinition(name);
  return { name, key: definition.key, ...filesIn(foundFolder(definition), definition) };
}

/** The image of a template, if it is built. */
export async function locateGuest(name: string): Promise<GuestImage | undefined> {
  const definition = await loadDefinition(name);
  const folder = foundFolder(definition);
  const manifest = manifestIn(folder);
  if (!existsSync(manifest)) return undefined;
  const { key, sha256 } = JSON.parse(await readFile(manifest, 'utf8')) as Manifest;
  return { name, key, sha256, ...filesIn(folder, definition) };
}

/** The image of a template, built first where it is missing. Several may build at once: the first one stays. */
export async function ensureGuest(name: string, work: Work = {}): Promise<GuestImage> {
  const found = await locateGuest(name);
  if (found) return found;
  if (isHeld())
    throw new PatchlabError('guest/build', {
      what: `The guest image \`${name}\` is not built yet.`,
      why: 'labs of a user who is not root have a network of their own, from which no archive of packages is reached',
      fix: `Run \`patchlab guest build ${name}\` first, as this user, or as root for everybody on this machine.`,
    });
  const definition = await loadDefinition(name);
  work.onProgress?.(`building the guest image ${name} (once)`);
  const target = folderOf(definition);
  await openFolder(dirname(target));
  const scratch = makeScratch(true);
  const fresh = `${target}.${randomBytes(4).toString('hex')}`;
  try {
    await openFolder(fresh);
    await buildInto(fresh, definition, scratch, work);
    work.signal?.throwIfAborted();
    await publish(fresh, target);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(fresh, { recursive: true, force: true });
  }
  const built = await locateGuest(name);
  if (!built) throw new Error(`${target} vanished while it was built`);
  return built;
}

/** Move a finished image to its place, unless another build was first: rename(2) refuses a folder that is not empty. */
async function publish(fresh: string, target: string): Promise<void> {
  try {
    await rename(fresh, target);
  } catch (error) {
    if (!existsSync(manifestIn(target))) throw error;
  }
}

/** Make a folder that all may read whatever the umask: libvirt starts QEMU as a user of its own. */
export async function openFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  // Only what was made here: a folder that was there before belongs to somebody.
  for (let made = path; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}

async function buildInto(
  folder: string,
  definition: GuestDefinition,
  scratch: string,
  work: Work,
): Promise<void> {
  const packages = await unpackPackages(definition.kernel, definition.packages, scratch, work);
  const kept = join(cacheFolder(), 'modules');
  await addOwnModules(definition.compiled, packages, kept, scratch, work);
  work.onProgress?.('packing the initramfs');
  const initramfs = await makeInitramfs(definition, packages, scratch, work);
  const { kernel, initrd } = filesIn(folder, definition);
  await copyFile(await findKernel(packages), kernel);
  await writeFile(initrd, initramfs);
  for (const file of [kernel, initrd]) await chmod(file, 0o644);
  const bytes = await readFile(kernel);
  const manifest: Manifest = {
    name: definition.name,
    key: definition.key,
    packages: packages.versions,
    sha256: sha256(bytes, initramfs),
    outputs: {
      vmlinuz: { sha256: sha256(bytes), size: bytes.length },
      initrd: { sha256: sha256(initramfs), size: initramfs.length },
    },
    kernelArgs: definition.kernelArgs,
    built: new Date().toISOString(),
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
