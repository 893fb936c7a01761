import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;

/** Packages that a file of src/ loads as soon as it is loaded itself. */
function packagesOf(file: string): ReadonlySet<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    const imports = /^(?:import|export) (?!type )(?:[^;'"]*? from )?'([^']+)'/gms;
    for (const [, name = ''] of text.matchAll(imports)) {
      if (name.startsWith('.')) visit(join(dirname(path), name.replace(/\.js$/, '.ts')));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  };
  visit(join(root, 'src', file));
  return packages;
}

describe('start-up', () => {
  // Each package costs more than all of the command's own work.
  it.each([
    ...['cli/main.ts', 'cli/commands.ts', 'cli/status.ts', 'cli/exec.ts', 'cli/help.ts'],
    ...['cli/init.ts', 'cli/docs.ts', 'cli/schema.ts', 'cli/completion.ts'],
  ])('%s loads no package before it needs one', (file) => {
    expect([...packagesOf(file)]).toEqual([]);
  });

  it('would see one', () => {
    expect([...packagesOf('topology/load.ts')]).toEqual(expect.arrayContaining(['js-yaml', 'zod']));
  });
});
