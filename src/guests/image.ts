import { existsSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runCommand } from '../apply/command.js';
import { PatchlabError } from '../errors.js';
import { TYPE, writeCpio, type ArchiveEntry } from './cpio.js';
import type { GuestDefinition } from './definition.js';
import { pickModules } from './modules.js';
import { librariesOf, type Unpacked, type Work } from './packages.js';

/** A guest's tree as it grows: entries by path, each only once. */
type Tree = Map<string, ArchiveEntry>;

const FOLDERS = [
  'dev',
  'etc',
  'proc',
  'root',
  'run',
  'sys',
  'tmp',
  'usr',
  'usr/bin',
  'usr/sbin',
  'usr/lib',
  'var',
  'var/log',
];
/** The layout of Debian: everything below /usr (https://wiki.debian.org/UsrMerge). */
const LINKS: Readonly<Record<string, string>> = {
  bin: 'usr/bin',
  sbin: 'usr/sbin',
  lib: 'usr/lib',
  lib64: 'usr/lib',
  'var/run': '/run',
};

const merged = (path: string): string =>
  path
    .replace(/^\/?(bin|sbin|lib|lib64)\//, 'usr/$1/')
    .replace(/^\//, '')
    .replace('usr/lib64/', 'usr/lib/');

/** The initramfs of a guest, not compressed: under emulation unpacking is what costs. */
export async function makeInitramfs(
  definition: GuestDefinition,
  { root }: Unpacked,
  folder: string,
  work: Work,
): Promise<Uint8Array> {
  const tree: Tree = new Map();
  const put = (entry: ArchiveEntry): void => void tree.set(entry.path, entry);
  const link = (path: string, target: string): void =>
    put({ path, mode: TYPE.link | 0o777, data: Buffer.from(target) });
  // The root itself, which the kernel makes writable for all; ladvd refuses such a one.
  put({ path: '.', mode: TYPE.folder | 0o755 });
  for (const path of FOLDERS) addFolders(tree, path);
  Object.entries(LINKS).forEach(([path, target]) => link(path, target));
  put({ path: 'dev/console', mode: TYPE.character | 0o600, device: [5, 1] });
  put({ path: 'dev/null', mode: TYPE.character | 0o666, device: [1, 3] });
  const copy = async (path: string, mode = 0o755): Promise<void> => {
    const bytes = await readFile(join(root, path));
    addFolders(tree, dirname(merged(path)));
    put({ path: merged(path), mode: TYPE.file | mode, data: bytes });
  };
  const demand = (path: string): void => {
    if (existsSync(join(root, path))) return;
    throw new PatchlabError('guest/build', {
      what: `No package of the template holds ${path}.`,
      fix: 'Correct `programs`, `data` or `packages` in guest.yaml.',
    });
  };
  const real = new Set([...definition.programs.map((program) => basename(program)), 'sh']);
  link('usr/bin/sh', 'dash');
  const small = await applets(root, work);
  for (const applet of small)
    if (!real.has(basename(applet))) link(merged(applet), '/usr/bin/busybox');
  const missing = definition.applets.find((name) => !small.some((path) => basename(path) === name));
  if (missing !== undefined)
    throw new PatchlabError('guest/build', {
      what: `busybox has no ${missing}.`,
      fix: 'Correct `applets` in guest.yaml.',
    });
  for (const program of definition.programs) {
    demand(program);
    await copy(program);
    for (const library of await librariesOf(root, program, work)) await copy(library);
  }
  for (const path of definition.data) {
    demand(path);
    await copy(path, 0o644);
  }
  await copy('lib64/ld-linux-x86-64.so.2');
  await addModules(tree, root, definition, folder, work);
  for (const { path, mode, bytes } of definition.files) {
    addFolders(tree, dirname(path.slice(1)));
    put({ path: path.slice(1), mode: TYPE.file | mode, data: bytes });
  }
  return writeCpio([...tree.values()].sort((a, b) => (a.path < b.path ? -1 : 1)));
}

function addFolders(tree: Tree, path: string): void {
  if (path === '.' || path === '' || tree.has(path)) return;
  addFolders(tree, dirname(path));
  const mode = path === 'tmp' ? 0o1777 : 0o755;
  tree.set(path, { path, mode: TYPE.folder | mode });
}

/** Paths at which busybox wants to stand, told by itself. */
async function applets(root: string, work: Work): Promise<readonly string[]> {
  const { stdout } = await runCommand([join(root, 'bin/busybox'), '--list-full'], {
    signal: work.signal,
  });
  return stdout.split('\n').filter((path) => path !== '' && !path.startsWith('linuxrc'));
}

async function addModules(
  tree: Tree,
  root: string,
  definition: GuestDefinition,
  folder: string,
  work: Work,
): Promise<void> {
  const target = join(folder, 'modules');
  const release = await pickModules(
    root,
    [...definition.modules.flat(), ...definition.compiled.map(({ name }) => name)],
    target,
    work,
  );
  const base = join('lib/modules', release);
  const files = await readdir(join(target, base), { recursive: true, withFileTypes: true });
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name).slice(target.length + 1);
    addFolders(tree, dirname(merged(path)));
    tree.set(merged(path), {
      path: merged(path),
      mode: TYPE.file | 0o644,
      data: await readFile(join(target, path)),
    });
  }
}

/** The kernel of an unpacked package. */
export async function findKernel({ root }: Unpacked): Promise<string> {
  const name = (await readdir(join(root, 'boot'))).find((file) => file.startsWith('vmlinuz-'));
  if (name === undefined)
    throw new PatchlabError('guest/build', { what: 'The kernel package holds no kernel.' });
  return realpath(join(root, 'boot', name));
}
