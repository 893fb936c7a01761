import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand, tryCommand } from '../../src/apply/command.js';
import { down } from '../../src/apply/down.js';
import { labFiles } from '../../src/apply/state.js';
import { listLabs, readLabs } from '../../src/apply/status.js';
import { up } from '../../src/apply/up.js';
import { smallLab, traces, type SmallLab } from '../support/small-lab.js';

/** What is stored of labs is damaged, or there is no room for more. */

let serial = 0;
let scratch: string;
let small: SmallLab;
const before = process.env.PATCHLAB_STATE;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'patchlab-damaged-'));
  process.env.PATCHLAB_STATE = join(scratch, 'state');
  small = smallLab(`d${process.pid.toString(36)}-${serial++}`);
});
afterEach(async () => {
  await down(small.lab.name);
  if (before === undefined) delete process.env.PATCHLAB_STATE;
  else process.env.PATCHLAB_STATE = before;
  await rm(scratch, { recursive: true });
});

type File = 'lab' | 'plan' | 'journal' | 'state';
type Damage = (path: string) => Promise<void>;

const removed: Damage = (path) => rm(path);
const emptied: Damage = (path) => truncate(path);
const cut: Damage = async (path) => truncate(path, Math.floor((await readFile(path)).length / 2));
const holding =
  (text: string): Damage =>
  (path) =>
    writeFile(path, text);

const damages: readonly (readonly [string, Partial<Record<File, Damage>>])[] = [
  ['lab.json is cut', { lab: cut }],
  ['lab.json is null', { lab: holding('null') }],
  ['lab.json is of a newer version', { lab: holding('{"format":2,"new":[]}') }],
  ['lab.json is something else', { lab: holding('{"format":1,"lab":{"name":7}}') }],
  ['lab.json is gone', { lab: removed }],
  ['plan.json is gone', { plan: removed }],
  ['plan.json is cut', { plan: cut }],
  ['state is gone', { state: removed }],
  ['state holds anything', { state: holding('\x1b[2J') }],
  ['the journal is emptied', { journal: emptied }],
  ['the journal is gone', { journal: removed }],
  [
    'the journal has lost its first half',
    { journal: async (path) => writeFile(path, (await readFile(path, 'utf8')).slice(2000)) },
  ],
  ['the journal and lab.json are gone', { journal: removed, lab: removed }],
  ['the journal and the plan are gone', { journal: removed, plan: emptied }],
  ['all is gone but the folder', { journal: removed, plan: removed, lab: removed, state: removed }],
];

describe('a lab of which what is stored is damaged', () => {
  it.each(damages)('is taken down all the same: %s', async (_, files) => {
    await up(small.lab, small.plan);
    for (const [name, damage] of Object.entries(files))
      await damage(labFiles(small.lab.name)[name as File]);
    expect(await down(small.lab.name)).toEqual({ changed: true });
    expect(await traces(small)).toEqual([]);
    expect(existsSync(process.env.PATCHLAB_STATE ?? '')).toBe(false);
  });

  it('is taken down by its marks alone, and nothing else is', async () => {
    await up(small.lab, small.plan);
    const other = `${small.lab.name}.stranger`;
    await runCommand(['ip', 'netns', 'add', other]);
    await rm(labFiles(small.lab.name).dir, { recursive: true });
    expect(await down(small.lab.name)).toEqual({ changed: true });
    const { stdout } = await tryCommand(['ip', 'netns', 'del', other]);
    expect(stdout).toBe('');
    expect(await traces(small)).toEqual([]);
  });

  it('keeps none of the others from being listed and used', async () => {
    await up(small.lab, small.plan);
    const { labs } = { labs: join(process.env.PATCHLAB_STATE ?? '', 'labs') };
    for (const [name, text] of [
      ['torn', '{'],
      ['nothing', 'null'],
      ['newer', '{"format":9}'],
    ] as const) {
      await mkdir(join(labs, name));
      await writeFile(join(labs, name, 'lab.json'), text);
    }
    await mkdir(join(labs, 'hollow'));
    await mkdir(join(labs, 'not a name'));
    await writeFile(join(labs, 'file'), '');
    const listed = await listLabs();
    expect(Object.fromEntries(listed.map(({ name, state }) => [name, state]))).toEqual({
      [small.lab.name]: 'up',
      ...{ torn: 'damaged', nothing: 'damaged', newer: 'damaged', hollow: 'damaged' },
      'not a name': 'damaged',
    });
    expect(listed.find(({ name }) => name === 'newer')?.problem).toContain('newer version');
    expect((await readLabs()).map(({ lab }) => lab.name)).toEqual([small.lab.name]);
    for (const name of ['torn', 'nothing', 'newer', 'hollow'])
      expect(await down(name)).toEqual({ changed: true });
    for (const name of ['not a name', 'file']) await rm(join(labs, name), { recursive: true });
  });
});

describe('a disk without room', () => {
  /** Let the state folder be a file system of its own, and fill it. */
  async function fill(): Promise<void> {
    const state = process.env.PATCHLAB_STATE ?? '';
    await tryCommand(['dd', 'if=/dev/zero', `of=${join(state, 'full')}`, 'bs=4k']);
    await expect(writeFile(join(state, 'more'), 'x'.repeat(5000))).rejects.toThrow('ENOSPC');
    await rm(join(state, 'more'));
  }

  beforeEach(async () => {
    const state = process.env.PATCHLAB_STATE ?? '';
    await mkdir(state);
    await runCommand(['mount', '-t', 'tmpfs', '-o', 'size=256k,mode=755', 'tmpfs', state]);
  });
  afterEach(() => runCommand(['umount', process.env.PATCHLAB_STATE ?? '']));

  it('does not keep a lab from being taken down', async () => {
    await up(small.lab, small.plan);
    await fill();
    expect(await down(small.lab.name)).toEqual({ changed: true });
    expect(await traces(small)).toEqual([]);
    expect(existsSync(labFiles(small.lab.name).dir)).toBe(false);
  });

  it('keeps one from being built, names the file, and leaves nothing', async () => {
    await fill();
    await expect(up(small.lab, small.plan)).rejects.toMatchObject({
      code: 'host/no-room',
      what: expect.stringContaining(process.env.PATCHLAB_STATE ?? '') as string,
    });
    expect(await traces(small)).toEqual([]);
    expect(existsSync(labFiles(small.lab.name).dir)).toBe(false);
  });
});
