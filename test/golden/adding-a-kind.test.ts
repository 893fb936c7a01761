import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The kind that docs/adding-a-kind.md adds, in a copy of the tree. */

const root = new URL('../../', import.meta.url).pathname;
const copy = mkdtempSync(join(tmpdir(), 'patchlab-kind-'));
afterAll(() => rmSync(copy, { recursive: true }));

const page = readFileSync(join(root, 'docs/adding-a-kind.md'), 'utf8');
const blocks = Array.from(
  page.matchAll(/^```(\w+) (\S+)\n(.*?)^```$/gms),
  ([, type = '', path = '', text = '']) => ({ type, path, text }),
);

/** Put one text in the place of another, which a file has once. */
function patch(path: string, diff: string): void {
  const lines = diff.split('\n');
  const side = (other: string): string =>
    lines
      .filter((line) => !line.startsWith(other))
      .map((line) => line.slice(1))
      .join('\n');
  const text = readFileSync(path, 'utf8');
  const [before, after] = [side('+'), side('-')];
  expect(text.split(before)).toHaveLength(2);
  writeFileSync(
    path,
    text.replace(before, () => after),
  );
}

const run = (program: string, ...argv: readonly string[]): string =>
  execFileSync(program, argv, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });
const patchlab = (...argv: readonly string[]): string => {
  const call = `import { main } from './dist/cli/main.js'; process.exitCode = await main();`;
  return run('node', '--input-type=module', '--eval', call, '--', 'patchlab', ...argv);
};

beforeAll(() => {
  for (const part of ['src', 'topologies', 'package.json', 'tsconfig.json', 'tsconfig.build.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { type, path, text } of blocks) {
    if (type === 'diff') patch(join(copy, path), text);
    else writeFileSync(join(copy, path), text);
  }
  run(join(root, 'node_modules/.bin/tsc'), '-p', 'tsconfig.build.json');
}, 180_000);

const topology = 'topologies/vlan-device.yaml';

describe('the kind that the documentation adds', () => {
  it('is one file and one line for what it does, one file and one line for what it is, and a topology', () => {
    const files = blocks.filter(({ type }) => type !== 'diff').map(({ path }) => path);
    expect(files).toEqual(['src/hops/kinds/vlan.ts', 'src/devices/kinds/vlan.ts', topology]);
    const changed = blocks.filter(({ type }) => type === 'diff').map(({ path }) => path);
    expect(new Set(changed)).toEqual(new Set(['src/hops/kinds/index.ts', 'src/devices/index.ts']));
  });

  it('is planned', () => {
    expect(patchlab('plan', topology)).toMatch(
      /link add link eth1 name v10 address \S+ type vlan id 10/,
    );
  });

  it('changes frames: the tag is on the cable alone', () => {
    const walk = patchlab(
      'predict',
      topology,
      '--from',
      'a:v10',
      '--to',
      'b:v10',
      '--frame',
      'mdns',
    );
    const lines = walk.split('\n').filter((line) => line.startsWith('  ✓ '));
    expect(lines.map((line) => line.replace(/(vlan 10|IP).*/, '$1'))).toEqual([
      '  ✓ a:v10',
      '  ✓ a:eth1   now vlan 10',
      '  ✓ b:eth1',
      '  ✓ b:v10    now IP',
    ]);
    expect(walk).toContain('It arrives.');
  });

  it('drops what is not for it, with its reason', () => {
    const walk = patchlab(
      'predict',
      topology,
      '--from',
      'a:eth1',
      '--to',
      'b:v10',
      '--frame',
      'mdns',
    );
    expect(walk).toContain('It dies at b:eth1.');
    expect(walk).toContain('reason: b:v10 takes what comes with the tag of VLAN 10');
  });
});
