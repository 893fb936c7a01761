// code-cache.mjs: runs a few commands that touch no host, and stores what V8 has compiled until then. Its output is theirs.
import { writeFileSync } from 'node:fs';
import { CODE_CACHE, load } from '../../bin/load.js';

const { script, main } = load();
for (const argv of [
  ['labs'],
  ['plan', 'lldp-direct'],
  ['predict', 'bridge-eats-lldp'],
  ['up', '--help'],
]) {
  const code = await main(argv);
  if (code !== 0) throw new Error(`patchlab ${argv.join(' ')} ended with ${code}`);
}
writeFileSync(CODE_CACHE, script.createCachedData());
