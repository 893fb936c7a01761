import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { check } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './tree.js';

/** What `npm run new-kind` begins is a kind at once: it can be written in a topology, planned and predicted. */

const tree = mkdtempSync(join(tmpdir(), 'patchlab-new-kind-'));
const script = join(root, 'scripts/lib/new-kind.mjs');
const begin = (...argv: string[]) =>
  spawnSync('node', [script, ...argv], { cwd: tree, encoding: 'utf8' });
const command = join(tree, 'dist/bin/main.cjs');

/** What a command of the tree with the new kinds prints. */
const patchlab = (...argv: string[]): string =>
  execFileSync(
    'node',
    [
      ...['-e', `require(${JSON.stringify(command)}).main().then((code) => process.exit(code))`],
      ...['--', 'patchlab', ...argv],
    ],
    { cwd: tree, encoding: 'utf8' },
  );

beforeAll(async () => {
  for (const folder of ['src', 'topologies', 'templates', 'docs', 'package.json'])
    cpSync(join(root, folder), join(tree, folder), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  expect(begin('device', 'mac-mirror').status).toBe(0);
  expect(begin('link', 'own-cable').status).toBe(0);
  await build({
    ...{ absWorkingDir: tree, entryPoints: ['src/cli/main.ts'], outfile: command },
    ...{ bundle: true, platform: 'node', format: 'cjs', external: ['jiti', 'elkjs'] },
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
  });
});
afterAll(() => {
  rmSync(tree, { recursive: true });
});

describe('a new kind', () => {
  it.each([
    ...['src/hops/kinds/mac-mirror.ts', 'src/devices/kinds/mac-mirror.ts'],
    ...['src/links/kinds/own-cable.ts', 'topologies/devices/mac-mirror-device.yaml'],
  ])('is written as the tree is: %s', async (path) => {
    const text = readFileSync(join(tree, path), 'utf8');
    expect(text).not.toMatch(/sample/i);
    expect(await check(text, { filepath: path, ...prettierOptions })).toBe(true);
  });

  it('is listed, planned and predicted, a device', () => {
    expect(patchlab('kinds')).toContain('mac-mirror');
    const lab = 'topologies/devices/mac-mirror-device.yaml';
    expect(patchlab('plan', lab)).toContain('type mac-mirror');
    const way = patchlab('predict', lab, '--from', 'host/b:eth1', '--to', 'host/a:up1');
    expect(way).toContain('host/a:up1');
  });

  it('is listed, planned and predicted, a link', () => {
    const lab = 'topologies/cables/own-cable-link.yaml';
    expect(patchlab('plan', lab)).toContain('type veth');
    expect(patchlab('predict', lab)).toContain('a:eth1');
  });

  it('is begun once, and under a name that a kind may have', () => {
    expect(begin('link', 'own-cable')).toMatchObject({
      ...{ status: 2, stderr: expect.stringContaining('there already') as string },
    });
    expect(begin('link', 'Own Cable').status).toBe(2);
    expect(begin('probe', 'other').status).toBe(2);
  });
});

const prettierOptions = JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')) as object;
