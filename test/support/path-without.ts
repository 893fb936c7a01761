import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PATH with all programs of this one but one. The caller removes it. */
export async function pathWithout(program: string) {
  const path = await mkdtemp(join(tmpdir(), 'patchlab-test-'));
  for (const folder of (process.env.PATH ?? '').split(':'))
    for (const name of await readdir(folder).catch(() => []))
      if (name !== program)
        await symlink(join(folder, name), join(path, name)).catch(() => undefined);
  return { path, remove: () => rm(path, { recursive: true }) };
}
