import { expect, it } from 'vitest';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';

/** Nothing that a terminal obeys comes out of the command line, whatever a file says. */

const folder = scratchFolder();

const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

it.each([
  ['an unknown key', '"\\e[2J\\u202e": 1'],
  ['a value', 'kind: "\\e]0;x\\a"'],
  ['a title', 'title: "\\e[31m\\x9b"'],
])('shows %s and does not obey it', async (_, line) => {
  const text = `name: escapes\nnodes: { a: { kind: netns } }\nlinks: []\n${line}\n`;
  const file = await topologyFile(folder, 'escapes.yaml', text);
  for (const command of ['plan', 'predict', 'graph', 'up']) {
    const { stdout, stderr } = await cli([command, file, ...(command === 'up' ? ['--json'] : [])]);
    expect([command, stdout + stderr]).not.toEqual([command, expect.stringMatching(OBEYED)]);
  }
  await cli(['down', '--all']);
});
