import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.js';
import { nameOf } from '../../../src/cli/entry.js';
import { complete } from '../../../src/cli/complete.js';

const words = async (...typed: readonly string[]): Promise<readonly string[]> =>
  (await complete(typed, commands)).candidates.map(({ word }) => word);

describe('completion', () => {
  it('offers all commands, and the second words of those that have one', async () => {
    const first = new Set(commands.map((entry) => nameOf(entry).split(' ')[0]));
    expect(await words('')).toEqual([...first]);
    expect(await words('guest', '')).toEqual(['build', 'list', 'prune']);
    expect(await words('--json', 'gu')).toEqual(['guest']);
  });

  it('offers options that were not given, and again those that may be', async () => {
    expect(await words('up', '--t')).toEqual(['--timings']);
    expect(await words('up', '--timings', '--t')).toEqual([]);
    expect(await words('verify', '--report', 'a.html', '--re')).toEqual(['--report']);
  });

  it('offers the values of an option, and the lists of arguments', async () => {
    expect(await words('plan', '--format', '')).toEqual(['sh', 'json']);
    expect(await words('trace', '--frame', 'lac')).toEqual(['lacp']);
    expect((await words('matrix', 'macv')).toSorted()).toEqual(['macvlan', 'macvtap']);
    expect(await words('docs', 'topology/lo')).toEqual(['topology/loop']);
  });

  it('offers the labs that come with patchlab, and files', async () => {
    const { candidates, files } = await complete(['up', 'lldp'], commands);
    expect([candidates, files]).toEqual([[{ word: 'lldp-direct' }], true]);
  });

  it('leaves the words of other programs to the shell', async () => {
    expect(await complete(['exec', 'sw1', 'l'], commands)).toEqual({ candidates: [], files: true });
  });

  it('offers nothing where nothing may come', async () => {
    expect(await complete(['list', ''], commands)).toEqual({ candidates: [], files: false });
    expect(await complete(['no-command', ''], commands)).toEqual({ candidates: [], files: false });
  });
});
