import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FRAME_CLASSES } from '../../src/frames/classes.js';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  startCli,
} from '../support/cli.js';

/** Link kinds between namespaces measured for real: the model must be right in every cell. */

const folder = scratchFolder();
let before: string;

beforeEach(async () => {
  before = await hostSnapshot();
});

afterEach(() => expectHostAsBefore(before));

describe('the matrix of', () => {
  it.each([
    ['veth', ['default']],
    ['ovs-panel', ['default']],
    ['bridge', ['plain', 'mask 0x4000', 'mask 0xfffd', 'stp', 'snooping']],
    ['ovs-switch', ['default', 'forward_bpdu']],
    ['redirect', ['default']],
    ['macvlan', ['vepa', 'vepa reflective_relay', 'vepa allmulticast', 'bridge', 'private']],
  ])('%s is in every cell as the model predicts', async (kind, settings) => {
    const { exitCode, result } = await cliJson('matrix', kind, '--settings', settings.join(','));
    const wrong = result.cells.filter(({ differs, observed }) => differs || observed === 'unknown');
    expect(wrong).toEqual([]);
    expect(result.cells).toHaveLength(settings.length * FRAME_CLASSES.length * 2);
    expect(exitCode).toBe(0);
    // A frame that no socket sends shows that drops are seen as well.
    const lost = result.cells.filter(({ observed }) => observed === 'drop');
    expect(new Set(lost.map(({ class: name }) => name))).toContain('over-mtu');
  });
});

describe('a matrix', () => {
  const few = ['--frames', 'lldp,lacp,cdp', '--settings', 'plain,mask 0xfffd'];

  it('is printed as a table and written as a page', async () => {
    const html = join(folder, 'matrix.html');
    const { exitCode, stdout } = await cli(['matrix', 'bridge', ...few, '--html', html]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}lldp +xx \.\.$/m);
    expect(stdout).toMatch(/^ {2}cdp +\.\. \.\.$/m);
    expect(stdout).toContain('12 cells: 12 as predicted');
    expect(await readFile(html, 'utf8')).toContain(
      '<h1>bridge: frame classes against settings</h1>',
    );
  });

  it('leaves nothing behind when it is broken off', async () => {
    const running = startCli(['matrix', 'bridge', ...few]);
    await new Promise<void>((resolve) => {
      running.stderr.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('frames under')) resolve();
      });
    });
    running.kill('SIGINT');
    expect((await running).exitCode).not.toBe(0);
    await expectHostAsBefore(before);
  });

  it('wants a kind, classes and settings that there are', async () => {
    const said = await Promise.all(
      [['hose'], ['veth', '--frames', 'lldp,llpd'], ['bridge', '--settings', 'plane']].map((args) =>
        cli(['matrix', ...args]),
      ),
    );
    expect(said.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
    expect(said[2]?.stderr).toContain('`plain`');
  });
});
