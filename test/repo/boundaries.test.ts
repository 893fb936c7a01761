import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { root } from './tree.js';

// The files exist in these tests only, so the rules that need types are switched off.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { parserOptions: { projectService: false } },
  } as ESLint.Options['overrideConfig'] & object,
});

/** The rules that `text` breaks as the content of `filePath`. */
async function broken(filePath: string, text: string): Promise<(string | null)[]> {
  const results = await eslint.lintText(text, { filePath });
  return results.flatMap((result) => result.messages).map((message) => message.ruleId);
}

const importing = (module: string): string => `import { x } from '${module}';\nx();\n`;

describe('rules on imports', () => {
  it.each([
    ['src/plan/x.ts', 'node:fs'],
    ['src/plan/x.ts', 'fs'],
    ['src/plan/tools/x.ts', 'execa'],
    ['src/links/x.ts', 'node:child_process'],
    ['src/nodes/x.ts', 'execa'],
    ['src/hops/x.ts', 'node:os'],
    ['src/topology/x.ts', 'node:fs/promises'],
    ['src/verify/judge/judge.ts', 'node:fs'],
    ['src/frames/decode.ts', 'node:net'],
    ['src/frames/decode/x.ts', 'node:fs'],
    ['src/errors.ts', 'node:fs'],
    ['src/links/x.ts', '../apply/command.js'],
    ['src/plan/x.ts', '../guests/build.js'],
    ['src/report/x.ts', '../verify/run/wave.js'],
    ['src/topology/load.ts', '../apply/command.js'],
    ['src/plan/x.ts', '../cli/main.js'],
    ['src/apply/x.ts', '../cli/main.js'],
    ['src/verify/run/x.ts', '../cli/main.js'],
    ['src/index.ts', './cli/main.js'],
  ])('%s may not import %s', async (file, module) => {
    expect(await broken(file, importing(module))).toEqual(['no-restricted-imports']);
  });

  it.each([
    ['src/topology/load.ts', 'node:fs'],
    ['src/apply/x.ts', 'node:child_process'],
    ['src/apply/hosts/x.ts', 'execa'],
    ['src/guests/x.ts', 'node:fs'],
    ['src/verify/capture/x.ts', 'execa'],
    ['src/cli/x.ts', 'node:fs'],
    ['src/cli/x.ts', './main.js'],
    ['src/plan/x.ts', '../links/index.js'],
    ['src/probes/x.ts', '../verify/judge/judge.js'],
    ['src/probes/x.ts', '../frames/decode/lldp.js'],
    ['src/index.ts', './apply/runner.js'],
  ])('%s may import %s', async (file, module) => {
    expect(await broken(file, importing(module))).toEqual([]);
  });

  it('do not let a pure folder import later on', async () => {
    expect(await broken('src/plan/x.ts', "export const x = import('node:fs');\n")).toEqual([
      'no-restricted-syntax',
    ]);
  });
});

describe('rules on style', () => {
  it.each([
    ['src/links/x.ts', 'export default 1;\n', 'no-restricted-syntax'],
    ['src/apply/x.ts', 'const x = 1;\nexport { x as default };\n', 'no-restricted-syntax'],
    [
      'src/plan/x.ts',
      "export const f = (x: { kind: 'a' }) => {\n  switch (x.kind) {\n    case 'a':\n      return 1;\n  }\n};\n",
      'no-restricted-syntax',
    ],
    ['src/apply/x.ts', 'process.exit(1);\n', 'no-restricted-properties'],
    ['src/apply/x.ts', "console.log('x');\n", 'no-console'],
  ])('%s may not hold %j', async (file, text, rule) => {
    expect(await broken(file, text)).toEqual([rule]);
  });

  it.each([
    ['topologies/x.ts', 'export default 1;\n'],
    ['src/cli/x.ts', "console.log('x');\nprocess.exit(1);\n"],
  ])('%s may hold %j', async (file, text) => {
    expect(await broken(file, text)).toEqual([]);
  });
});
