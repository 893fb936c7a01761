// bundle.mjs: makes one file of the built command line and the packages that it uses, because the hundreds of small
// files take half a second to load. The library in dist/index.js stays as it is. Modules that find files by
// `import.meta.url` must lie two folders below the package's own, as dist/cli/main.js does.
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url).pathname;

await build({
  absWorkingDir: root,
  entryPoints: ['dist/cli/main.js'],
  outfile: 'dist/cli/main.js',
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // One has compiled parts, the other reads files of its own at run time.
  external: ['@unraid/libvirt', 'jiti'],
  // Some packages still call `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
  logLevel: 'warning',
});
