// bundle.mjs: makes a few files of the built command line and the packages that it uses, because the hundreds of small
// files take half a second to load. The library in dist/index.js stays as it is. Modules that find files by
// `import.meta.url` must lie two folders below the package's own, as dist/cli/main.js and dist/bin/main.js do.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url).pathname;

// Parts of an earlier build have other names, and would stay.
await rm(`${root}dist/bin`, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: ['dist/cli/main.js'],
  outdir: 'dist/bin',
  bundle: true,
  // A file for what each command needs, so that none reads what it has no use for. All lie beside the first one.
  splitting: true,
  chunkNames: 'part-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Its build for Node asks for a variable of the environment with each token of a file, which costs a tenth of planning.
  alias: { yaml: `${root}node_modules/yaml/browser/index.js` },
  // It reads files of its own at run time.
  external: ['jiti'],
  // Some packages still call `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
  logLevel: 'warning',
});
