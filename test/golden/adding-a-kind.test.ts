import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The kind that docs/adding-a-kind.md shows is one that is there: its blocks are the files themselves. */

const root = new URL('../../', import.meta.url).pathname;
const page = join(root, 'docs/adding-a-kind.md');
const text = readFileSync(page, 'utf8');
const BLOCK = /^```(\w+) (\S+)\n(.*?)^```$/gms;

/** A file as it is shown: the line for editors at the top of a topology is left out. */
const shown = (path: string): string =>
  readFileSync(join(root, path), 'utf8').replace(/^# yaml-language-server.*\n/, '');

describe('the page on adding a kind', () => {
  it('shows the files of a kind as they are', async () => {
    const fed = text.replaceAll(BLOCK, (block, type: string, path: string) =>
      type === 'diff' ? block : `\`\`\`${type} ${path}\n${shown(path)}\`\`\``,
    );
    await expect(fed).toMatchFileSnapshot(page);
  });

  it('is one file and one line for what it does, one file and one line for what it is, and a topology', () => {
    const blocks = [...text.matchAll(BLOCK)].map(([, type, path, body = '']) => ({
      type,
      path: path ?? '',
      body,
    }));
    expect(blocks.map(({ path }) => path)).toEqual([
      'src/hops/kinds/vlan.ts',
      'src/hops/kinds/index.ts',
      'src/devices/kinds/vlan.ts',
      'src/devices/index.ts',
      'topologies/devices/vlan-device.yaml',
    ]);
    for (const { path, body } of blocks.filter(({ type }) => type === 'diff'))
      for (const line of body.trim().split('\n')) expect(shown(path)).toContain(line.slice(1));
  });
});
