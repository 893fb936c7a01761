import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadTopology } from '../../../src/topology/load.js';
import { TopologyError } from '../../../src/topology/topology-error.js';

/** Topologies in TypeScript that throw, or that are none. */

const folder = mkdtempSync(join(tmpdir(), 'patchlab-test-module-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The problem of a module, and where it stands. */
async function problemOf(text: string, name = 'lab.ts'): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const error: unknown = await loadTopology(file).catch((thrown: unknown) => thrown);
  if (!(error instanceof TopologyError)) throw new Error('it was accepted', { cause: error });
  const [problem, ...more] = error.problems;
  expect(more).toEqual([]);
  expect(problem?.code).toBe('topology/module');
  const { line, column } = problem?.position ?? {};
  return `${error.file.split('/').at(-1)}:${line}:${column} ${problem?.what}`;
}

it('what a module throws is shown with its line', async () => {
  const text = [
    'const names: string[] = [];',
    'function first(): string {',
    '  return names[0].toUpperCase();',
    '}',
    'export default { name: first() };',
  ].join('\n');
  expect(await problemOf(text)).toBe(
    "lab.ts:3:19 It throws TypeError: Cannot read properties of undefined (reading 'toUpperCase').",
  );
});

it('what a module that it imports throws is shown there', async () => {
  writeFileSync(join(folder, 'helper.mts'), '\nthrow new RangeError("no such thing\\u001b[2J");\n');
  expect(await problemOf("import './helper.mts';\nexport default {};\n", 'uses.ts')).toBe(
    'helper.mts:2:7 It throws RangeError: no such thing\ufffd[2J.',
  );
});

it('what does not parse, and what is not there, is shown where it stands', async () => {
  expect(await problemOf('const a = 1;\nexport default { name: "a",, };\n')).toMatch(
    /^lab\.ts:2:2\d It throws \w*Error: Unexpected token\.$/,
  );
  expect(await problemOf("\nimport x from './nope.js';\nexport default x;\n", 'not.ts')).toBe(
    "not.ts:2:1 It throws Error: Cannot find module './nope.js'.",
  );
});

it('a module without a topology says what to export', async () => {
  const none = 'lab.ts:undefined:undefined It has no default export';
  expect(await problemOf('export const lab = { name: "a" };')).toBe(`${none}, only \`lab\`.`);
  expect(await problemOf('', 'empty.ts')).toContain('It has no default export.');
  expect(await problemOf('export default () => ({ name: "a" });', 'fn.ts')).toContain(
    'Its default export is a function.',
  );
});
