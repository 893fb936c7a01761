import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from '../apply/command.js';
import { PatchlabError } from '../errors.js';
import type { Work } from './packages.js';

const nameOf = (path: string): string =>
  (path.split('/').at(-1) ?? '').replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_');

/** Which module files each module needs, itself first: the format of modules.dep(5). */
export function parseDependencies(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [path, rest] = line.split(':');
      if (path === undefined || rest === undefined) return [];
      return [[nameOf(path), [path, ...rest.split(' ').filter(Boolean)]] as const];
    }),
  );
}

/**
 * Copy the named modules of an unpacked kernel, with those that they need, into another tree that
 * modprobe(8) can use. @returns the kernel's release
 */
export async function pickModules(
  root: string,
  names: readonly string[],
  target: string,
  work: Work,
): Promise<string> {
  const [release] = await readdir(join(root, 'lib/modules'));
  if (release === undefined)
    throw new PatchlabError('guest/build', { what: 'The kernel package holds no modules.' });
  // depmod of busybox works on the folder that it stands in.
  const depmod = async (base: string): Promise<void> => {
    await runCommand([join(root, 'bin/busybox'), 'depmod', '-b', base, release], {
      signal: work.signal,
    });
  };
  const from = join(root, 'lib/modules', release);
  const to = join(target, 'lib/modules', release);
  await depmod(root);
  const dependencies = parseDependencies(await readFile(join(from, 'modules.dep'), 'utf8'));
  const builtin = new Set(
    (await readFile(join(from, 'modules.builtin'), 'utf8')).split('\n').map(nameOf),
  );
  for (const name of names.map((written) => written.replaceAll('-', '_'))) {
    const files = dependencies.get(name);
    if (!files && !builtin.has(name)) {
      throw new PatchlabError('guest/build', {
        what: `The kernel ${release} has no module \`${name}\`.`,
        fix: 'Correct `modules` in guest.yaml.',
      });
    }
    for (const file of files ?? []) {
      await mkdir(dirname(join(to, file)), { recursive: true });
      await cp(join(from, file), join(to, file));
    }
  }
  for (const list of ['modules.order', 'modules.builtin', 'modules.builtin.modinfo'])
    await writeFile(join(to, list), await readFile(join(from, list)));
  await depmod(target);
  return release;
}
