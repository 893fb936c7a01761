// bundle.mjs: makes one file of the built command line and the packages that it uses, because the hundreds of small
// files take half a second to load, and stores what V8 has compiled of it. The library in dist/index.js stays as it is.
// Modules that find files by `import.meta.url` must lie two folders below the package's own, as dist/cli/main.js and
// dist/bin/main.cjs do.
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url).pathname;

// Parts of an earlier build have other names, and would stay.
await rm(`${root}dist/bin`, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: ['dist/cli/main.js'],
  outfile: 'dist/bin/main.cjs',
  bundle: true,
  platform: 'node',
  // Only such a file can have a code cache.
  format: 'cjs',
  target: 'node20',
  // Packages outside of it are loaded by `require` as well.
  supported: { 'dynamic-import': false },
  minifyWhitespace: true,
  minifySyntax: true,
  // Its build for Node asks for a variable of the environment with each token of a file, which costs a tenth of planning.
  alias: { yaml: `${root}node_modules/yaml/browser/index.js` },
  // The one reads files of its own at run time, the other is large; both are loaded where they are used.
  external: ['jiti', 'elkjs'],
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'warning',
});

const { status } = spawnSync(process.execPath, [`${root}scripts/lib/code-cache.mjs`], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
process.exitCode = status ?? 1;
