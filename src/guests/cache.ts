import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GuestFiles } from '../links/define.js';
import { loadDefinition, type GuestDefinition } from './definition.js';
import { findKernel, makeInitramfs } from './image.js';
import { unpackPackages, type Work } from './packages.js';

/** Where images and what is remembered of the host are kept; may be deleted at any time. */
export const cacheFolder = (): string => process.env.PATCHLAB_CACHE ?? '/var/cache/patchlab';

/** A built guest image. */
export interface GuestImage extends GuestFiles {
  readonly name: string;
  readonly key: string;
  /** SHA-256 of kernel and initramfs. */
  readonly sha256: string;
}

/** What `manifest.json` beside an image says. */
interface Manifest {
  readonly name: string;
  readonly key: string;
  readonly packages: readonly string[];
  readonly sha256: string;
  /** Bytes. */
  readonly sizes: { readonly kernel: number; readonly initrd: number };
}

const folderOf = ({ name, key }: GuestDefinition): string =>
  join(cacheFolder(), 'guests', `${name}-${key}`);

const filesIn = (folder: string, definition: GuestDefinition): GuestFiles => ({
  kernel: join(folder, 'vmlinuz'),
  initrd: join(folder, 'initrd'),
  kernelArgs: definition.kernelArgs,
});

/** The files that a template's image has or would have; it need not be built. */
export async function guestPaths(name: string): Promise<GuestFiles> {
  const definition = await loadDefinition(name);
  return filesIn(folderOf(definition), definition);
}

/** The image of a template, if it is built. */
export async function locateGuest(name: string): Promise<GuestImage | undefined> {
  const definition = await loadDefinition(name);
  const folder = folderOf(definition);
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) return undefined;
  const { key, sha256 } = JSON.parse(await readFile(manifest, 'utf8')) as Manifest;
  return { name, key, sha256, ...filesIn(folder, definition) };
}

/** The image of a template, built first where it is missing. Several may build at once: the first one stays. */
export async function ensureGuest(name: string, work: Work = {}): Promise<GuestImage> {
  const found = await locateGuest(name);
  if (found) return found;
  const definition = await loadDefinition(name);
  work.onProgress?.(`building the guest image ${name} (once)`);
  const target = folderOf(definition);
  await mkdir(join(cacheFolder(), 'guests'), { recursive: true, mode: 0o755 });
  const scratch = await mkdtemp(join(tmpdir(), 'patchlab-guest-'));
  const fresh = `${target}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(fresh, { mode: 0o755 });
    await buildInto(fresh, definition, scratch, work);
    work.signal?.throwIfAborted();
    if (existsSync(target)) await rm(fresh, { recursive: true });
    else await rename(fresh, target);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(fresh, { recursive: true, force: true });
  }
  const built = await locateGuest(name);
  if (!built) throw new Error(`${target} vanished while it was built`);
  return built;
}

async function buildInto(
  folder: string,
  definition: GuestDefinition,
  scratch: string,
  work: Work,
): Promise<void> {
  const packages = await unpackPackages(definition.kernel, definition.packages, scratch, work);
  work.onProgress?.('packing the initramfs');
  const initramfs = await makeInitramfs(definition, packages, scratch, work);
  const { kernel, initrd } = filesIn(folder, definition);
  await copyFile(await findKernel(packages), kernel);
  await writeFile(initrd, initramfs);
  // libvirt starts QEMU as a user of its own.
  for (const file of [kernel, initrd]) await chmod(file, 0o644);
  const bytes = await readFile(kernel);
  const manifest: Manifest = {
    name: definition.name,
    key: definition.key,
    packages: packages.versions,
    sha256: createHash('sha256').update(bytes).update(initramfs).digest('hex'),
    sizes: { kernel: bytes.length, initrd: initramfs.length },
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
