import { firstOf } from '../apply/teardown-error.js';
import type { Leftover, LeftoverKind } from './define.js';
import { folder } from './kinds/folder.js';
import { ofLab } from './kinds/lab.js';
import { lock } from './kinds/lock.js';
import { ofProcess } from './kinds/process.js';
import { trace } from './kinds/trace.js';
import { unfinished } from './kinds/unfinished.js';

/**
 * The registry: one descriptor for each kind of leftovers, in the order in which they are removed: processes may still make things. While they
 * are looked for, no shell starts programs (`apply/hosts/spawner.ts`): it would sweep the folders away.
 */
const kinds: readonly LeftoverKind[] = [ofProcess, folder, trace, unfinished, ofLab, lock];

/** What was found of a kind. */
interface Found {
  readonly kind: LeftoverKind;
  readonly all: readonly Leftover[];
}

/** What patchlab has left on this machine. */
export interface Leftovers {
  readonly all: readonly (Leftover & { readonly kind: string })[];
  /** Remove it. What cannot be removed keeps none of the rest. @throws the first error, with the others attached */
  remove(): Promise<void>;
}

/** Look for all that patchlab has left on this machine, and change nothing. */
export async function findLeftovers(): Promise<Leftovers> {
  const found: Found[] = [];
  for (const kind of kinds) found.push({ kind, all: await kind.find() });
  return {
    all: found.flatMap(({ kind: { kind }, all }) =>
      all.map(({ what, name, why }) => ({ kind, what, name, why })),
    ),
    async remove() {
      const errors: unknown[] = [];
      for (const { kind, all } of found.filter((one) => one.all.length > 0))
        await kind.remove(all).catch((error: unknown) => errors.push(error));
      if (errors.length > 0) throw firstOf(errors);
    },
  };
}
