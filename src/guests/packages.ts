import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, tryCommand } from '../apply/command.js';
import { PatchlabError } from '../errors.js';
import { takeFromArchive } from './archive.js';

/** Debian packages, fetched and unpacked into a folder. The host's own packages are not touched. */

const APT = ['-q', '-o', 'APT::Sandbox::User=root'];

export interface Work {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** Names of the packages that some packages need to run, themselves included; alternatives and virtual ones left out. */
export async function closure(packages: readonly string[], work: Work): Promise<readonly string[]> {
  const only = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'];
  const { stdout } = await runCommand(
    ['apt-cache', 'depends', '--recurse', ...only.map((kind) => `--no-${kind}`), ...packages],
    { signal: work.signal },
  );
  const names = stdout.split('\n').filter((line) => /^[a-z0-9]/.test(line));
  return [...new Set(names)];
}

/** The package that holds the kernel: a name with a version, behind one without. */
async function kernelPackage(name: string, work: Work): Promise<string> {
  const names = await closure([name], work);
  const versioned = names.find((candidate) => /^linux-image-\d/.test(candidate));
  if (versioned !== undefined) return versioned;
  throw new PatchlabError('guest/build', { what: `No kernel package stands behind \`${name}\`.` });
}

export interface Unpacked {
  /** Folder that holds the packages' files. */
  readonly root: string;
  /** `NAME_VERSION` of everything unpacked, sorted. */
  readonly versions: readonly string[];
}

/** Write the files of packages into a folder: those that apt has already, and the others from its archive. */
export async function fetchPackages(
  packages: readonly string[],
  folder: string,
  work: Work,
): Promise<void> {
  const missing = await takeFromArchive(packages, folder, work);
  if (missing.length === 0) return;
  const argv = ['apt-get', ...APT, 'download', ...missing];
  await runCommand(argv, { cwd: folder, signal: work.signal });
}

/**
 * Fetch and unpack packages with the libraries that they need.
 * @throws PatchlabError `command/failed` when the archive cannot be reached
 */
export async function unpackPackages(
  kernel: string,
  packages: readonly string[],
  folder: string,
  work: Work,
): Promise<Unpacked> {
  const debs = join(folder, 'debs');
  const root = join(folder, 'root');
  await mkdir(debs);
  await mkdir(root);
  const list = async () => [
    await kernelPackage(kernel, work),
    ...packages,
    ...(await closure(packages, work)).filter((name) => /^(lib|zlib)/.test(name)),
  ];
  const download = async (): Promise<void> => fetchPackages([...new Set(await list())], debs, work);
  try {
    await download();
  } catch {
    work.signal?.throwIfAborted();
    work.onProgress?.('the package lists are old: updating them');
    await runCommand(['apt-get', ...APT, 'update'], { signal: work.signal });
    await download();
  }
  const files = (await readdir(debs)).sort();
  work.onProgress?.(`unpacking ${files.length} packages`);
  for (const file of files)
    await runCommand(['dpkg-deb', '-x', join(debs, file), root], { signal: work.signal });
  const versions = files.map((file) => decodeURIComponent(file).replace(/_[^_]*\.deb$/, ''));
  return { root, versions };
}

/** Libraries that a program is linked with, as paths below the root; none for a static one. */
export async function librariesOf(
  root: string,
  program: string,
  work: Work,
): Promise<readonly string[]> {
  const folders = ['lib', 'usr/lib'].map((name) => join(root, name, 'x86_64-linux-gnu'));
  const loader = join(root, 'lib64/ld-linux-x86-64.so.2');
  const argv = [loader, '--library-path', folders.join(':'), '--list', join(root, program)];
  const { stdout, exitCode } = await tryCommand(argv, { signal: work.signal });
  if (exitCode !== 0) return [];
  const missing = /^\s*(\S+) => not found/m.exec(stdout)?.[1];
  if (missing !== undefined) {
    throw new PatchlabError('guest/build', {
      what: `${program} needs ${missing}, which no package of the template brings.`,
      fix: 'Add the package to `packages` in guest.yaml.',
    });
  }
  const found = Array.from(stdout.matchAll(/=> (\S+) \(/g), (match) => match[1] ?? '');
  return found.filter((path) => path.startsWith(root)).map((path) => path.slice(root.length));
}
