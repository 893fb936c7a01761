import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** The built command line, and what V8 has compiled of it, which halves the time until it runs. */
export const BUNDLE = fileURLToPath(new URL('../dist/bin/main.cjs', import.meta.url));
export const CODE_CACHE = `${BUNDLE}.cache`;

/** What the cache of another version of Node says nothing to is compiled anew. */
function readCache() {
  try {
    return readFileSync(CODE_CACHE);
  } catch {
    return undefined;
  }
}

/** Load the built command line. */
export function load() {
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(BUNDLE, 'utf8')}\n})`,
    { filename: BUNDLE, cachedData: readCache() },
  );
  const module = { exports: {} };
  const require = createRequire(BUNDLE);
  script.runInThisContext()(module.exports, require, module, BUNDLE, dirname(BUNDLE));
  return { script, main: module.exports.main };
}
