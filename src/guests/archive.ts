import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../apply/command.js';
import type { Work } from './packages.js';

/** Packages that apt has on this host already: `apt-get download` would fetch them again. */

/** A package file that `apt-get download` would write. */
export interface PackageFile {
  readonly package: string;
  /** Name of the file, as in apt's archive too. */
  readonly file: string;
  readonly sha256: string;
}

/** Read what `apt-get download --print-uris` prints (apt-get(8)): `'URI' FILE SIZE SHA256:SUM`; without a sum a line is left out. */
export function parseUris(text: string): readonly PackageFile[] {
  return Array.from(text.matchAll(/^'[^']*' (\S+) \d+ SHA256:([0-9a-f]{64})$/gm), (match) => {
    const [, file = '', sha256 = ''] = match;
    return { package: file.slice(0, file.indexOf('_')), file, sha256 };
  });
}

/**
 * Copy those of some packages into a folder that lie in apt's archive, in the version that apt would fetch now.
 * @returns the packages that are still to be fetched
 * @throws PatchlabError `command/failed` when apt does not know one of them
 */
export async function takeFromArchive(
  packages: readonly string[],
  folder: string,
  work: Work,
): Promise<readonly string[]> {
  const options = { signal: work.signal };
  const { stdout } = await runCommand(
    ['apt-get', '-q', 'download', '--print-uris', ...packages],
    options,
  );
  const shell = await runCommand(['apt-config', 'shell', 'A', 'Dir::Cache::archives/d'], options);
  const archive = /^A='(.*)'$/m.exec(shell.stdout)?.[1] ?? '/var/cache/apt/archives';
  const taken = new Set<string>();
  for (const { package: name, file, sha256 } of parseUris(stdout)) {
    const bytes = await readFile(join(archive, file)).catch(() => undefined);
    if (!bytes || createHash('sha256').update(bytes).digest('hex') !== sha256) continue;
    await copyFile(join(archive, file), join(folder, file));
    taken.add(name);
  }
  return packages.filter((name) => !taken.has(name.split('=')[0] ?? name));
}
