import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { labFiles } from '../../src/apply/state.js';
import { shippedLabs } from '../../src/topology/load-labs.js';
import { cli, cliJson, scratchFolder, topology, topologyFile } from '../support/cli.js';

const FILE = topology('namespace-cable.yaml');
const NAME = 'namespace-cable';
const folder = scratchFolder();

afterEach(() => cli(['down', '--all']));

describe('a file or a lab', () => {
  it('is the same to every command', async () => {
    await cli(['up', FILE]);
    for (const command of ['verify', 'neighbors', 'status', 'predict', 'plan', 'graph', 'up']) {
      const [byFile, byName] = [await cli([command, FILE]), await cli([command, NAME])];
      expect([command, byFile.exitCode, byName.exitCode]).toEqual([command, 0, 0]);
    }
    expect((await cli(['down', FILE])).stdout).toContain('is down');
  });

  it('that is not up is built first, or another is meant', async () => {
    for (const command of ['verify', 'neighbors', 'status']) {
      const { exitCode, stderr } = await cli([command, FILE]);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`patchlab up ${FILE}`)]);
    }
    await cli(['up', FILE]);
    for (const command of ['verify', 'status', 'neighbors', 'predict'])
      expect((await cli([command, 'namespace-cabel'])).stderr).toContain(
        `Did you mean \`${NAME}\`?`,
      );
  });

  it('that is down may be taken down again', async () => {
    for (const target of [FILE, NAME]) {
      const { exitCode, stdout } = await cli(['down', target]);
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('was not up')]);
    }
  });

  it('that differs says what differs', async () => {
    await cli(['up', FILE]);
    const text = (await readFile(FILE, 'utf8')).replace('10.0.0.2/24', '10.0.0.3/24');
    const other = await topologyFile(folder, 'other.yaml', text);
    const { exitCode, stderr } = await cli(['verify', other]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('node b differs in addresses')]);
    expect((await cli(['up', other])).exitCode).toBe(0);
    expect((await cli(['verify', other])).exitCode).toBe(0);
  });
});

describe('a lab that comes with patchlab', () => {
  it('is listed, and its name is as good as its file', async () => {
    const { result } = await cliJson('labs');
    expect(result.labs.map(({ name, file }) => [name, file])).toEqual(
      shippedLabs().map(({ name, file }) => [name, file]),
    );
    for (const command of ['plan', 'graph']) {
      const [byFile, byName] = [await cli([command, FILE]), await cli([command, NAME])];
      expect([command, byName]).toEqual([command, byFile]);
    }
    expect(await cliJson('up', NAME)).toMatchObject({ exitCode: 0, result: { lab: NAME } });
    expect(await cliJson('up', FILE)).toMatchObject({ exitCode: 0, result: { changed: false } });
  });

  it('is what is meant by a name that is almost its own', async () => {
    for (const command of ['up', 'predict'])
      expect(await cli([command, 'namespace-cabel'])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(`Did you mean \`${NAME}\`?`) as string,
      });
    expect((await cli(['verify', NAME])).stderr).toContain(`patchlab up ${NAME}`);
    expect((await cli(['up', 'nothing-of-the-sort'])).stderr).toContain('patchlab labs');
  });
});

describe('a lab that is half built', () => {
  it('is called that, and is no contradiction of the model', async () => {
    await cli(['up', FILE]);
    await writeFile(labFiles(NAME).state, 'building\n');
    for (const args of [
      ['verify', NAME],
      ['verify', FILE],
      ['neighbors', NAME],
      ['trace', 'a', 'b'],
    ]) {
      const { exitCode, stderr } = await cli(args);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is half built')]);
    }
  });
});

describe('a file to be written', () => {
  it('gets its folders, and no name of another format', async () => {
    const svg = join(folder, 'new', 'folder', 'lab.svg');
    expect((await cli(['graph', FILE, '-o', svg])).exitCode).toBe(0);
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg /);
    const mermaid = join(folder, 'lab.mmd');
    await cli(['graph', FILE, '-o', mermaid]);
    expect(await readFile(mermaid, 'utf8')).toMatch(/^flowchart/m);
    const refused = [
      ['graph', FILE, '-o', join(folder, 'lab.png')],
      ['graph', FILE, '-o', svg, '--format', 'mermaid'],
      ['verify', FILE, '--report', join(folder, 'lab.pdf')],
      ['verify', FILE, '--evidence', join(folder, 'lab.pcap')],
      ['matrix', 'bridge', '--html', join(folder, 'table.png')],
    ];
    for (const args of refused) expect([args, (await cli(args)).exitCode]).toEqual([args, 2]);
  });
});
