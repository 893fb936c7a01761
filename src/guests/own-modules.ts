import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../apply/command.js';
import { PatchlabError } from '../errors.js';
import { closure, fetchPackages, type Unpacked, type Work } from './packages.js';

/**
 * Modules that the distribution's kernel leaves out, made of the distribution's own source of that kernel, with the headers and
 * the compiler that it was made with: Documentation/kbuild/modules.rst.
 */

export interface OwnModule {
  readonly name: string;
  /** Folder of the kernel's source. */
  readonly folder: string;
  /** Without `CONFIG_`. */
  readonly config: string;
}

/** The package of the kernel, and its version, of what was unpacked. */
function kernelOf({ versions }: Unpacked): { readonly release: string; readonly version: string } {
  const image = versions.find((one) => /^linux-image-\d/.test(one)) ?? '';
  const [, release = '', version = ''] = /^linux-image-(.+?)_(.+)$/.exec(image) ?? [];
  return { release, version };
}

/**
 * Put modules of one's own among those of an unpacked kernel. They are compiled once for each version of the kernel, and kept.
 * @param kept - folder of what is kept
 * @throws PatchlabError `command/failed` when packages cannot be had, or there is no compiler
 */
export async function addOwnModules(
  modules: readonly OwnModule[],
  unpacked: Unpacked,
  kept: string,
  scratch: string,
  work: Work,
): Promise<void> {
  if (modules.length === 0) return;
  const { release, version } = kernelOf(unpacked);
  const recipe = createHash('sha256').update(JSON.stringify([version, modules]));
  const folder = join(kept, `${release}-${recipe.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) {
    work.onProgress?.(`compiling ${modules.map(({ name }) => name).join(', ')} (once)`);
    const fresh = join(scratch, 'compiled');
    await mkdir(fresh);
    await compile(modules, { release, version }, scratch, fresh, work);
    await keep(fresh, folder);
  }
  const target = join(unpacked.root, 'lib/modules', release, 'updates');
  await mkdir(target, { recursive: true });
  for (const { name } of modules)
    await copyFile(join(folder, `${name}.ko`), join(target, `${name}.ko`));
}

/** Copy what was compiled to its place, unless somebody else was first: rename(2) refuses a folder that is not empty. */
async function keep(fresh: string, folder: string): Promise<void> {
  const own = `${folder}.${process.pid}`;
  await mkdir(own, { recursive: true });
  for (const file of await readdir(fresh)) await copyFile(join(fresh, file), join(own, file));
  try {
    await rename(own, folder);
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

async function compile(
  modules: readonly OwnModule[],
  { release, version }: ReturnType<typeof kernelOf>,
  scratch: string,
  target: string,
  work: Work,
): Promise<void> {
  const debs = join(scratch, 'kernel-debs');
  const root = join(scratch, 'kernel');
  await mkdir(debs);
  await mkdir(root);
  const headers = await closure([`linux-headers-${release}`], work);
  const series = /^\d+\.\d+/.exec(version)?.[0] ?? '';
  const wanted = [...headers.filter((name) => name.startsWith('linux-')), `linux-source-${series}`];
  // Of the same version as the kernel, or its symbols are others.
  await fetchPackages(
    wanted.map((name) => `${name}=${version}`),
    debs,
    work,
  );
  for (const file of await readdir(debs))
    await runCommand(['dpkg-deb', '-x', join(debs, file), root], { signal: work.signal });
  const sources = join(root, 'usr/src');
  const [archive = ''] = (await readdir(sources)).filter((file) => file.endsWith('.tar.xz'));
  const top = archive.replace('.tar.xz', '');
  const folders = modules.map((one) => join(top, one.folder));
  await runCommand(['tar', '-xJf', join(sources, archive), '-C', scratch, ...folders], {
    signal: work.signal,
  });
  const kernel = join(sources, `linux-headers-${release}`);
  // Its own one names the place where the package would be installed.
  const common = (await readdir(sources)).find((name) => name.endsWith('-common')) ?? '';
  await writeFile(join(kernel, 'Makefile'), `include ${join(sources, common, 'Makefile')}\n`);
  for (const { name, folder, config } of modules) {
    const source = join(scratch, top, folder);
    await make(
      [
        `-C${kernel}`,
        `M=${source}`,
        `CONFIG_${config}=m`,
        `KCFLAGS=-DCONFIG_${config}_MODULE=1`,
        'modules',
      ],
      work,
    );
    const built = join(source, `${name}.ko`);
    await runCommand(['strip', '--strip-debug', built], { signal: work.signal });
    await copyFile(built, join(target, `${name}.ko`));
  }
}

async function make(args: readonly string[], work: Work): Promise<void> {
  try {
    await runCommand(['make', '-s', ...args], { signal: work.signal });
  } catch (error) {
    work.signal?.throwIfAborted();
    throw new PatchlabError('guest/build', {
      what: 'A module of the guest’s kernel could not be compiled.',
      why: error instanceof Error ? error.message : String(error),
      fix: '`apt-get install gcc make`',
    });
  }
}
