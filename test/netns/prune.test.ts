import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labFiles } from '../../src/apply/state.js';
import { traced } from '../../src/verify/kernel/instances.js';
import { cli, cliJson, expectHostAsBefore, hostSnapshot, root, topology } from '../support/cli.js';

/** What killed patchlabs have left is found and removed; what others have, under names that are like it, is not. */

const space = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
/** Numbers above the highest one that a process can have: proc_sys_kernel(5), pid_max. */
const DEAD = `${space}-4194304-1-x`;
const stat = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ') ?? [];
const LIVING = `${space}-${process.pid}-${stat[19] ?? ''}-x`;
const uuid = '00000000-0000-4000-8000-000000000000';

const run = (file: string, ...args: readonly string[]) => execa(file, args);
const instances = async (): Promise<readonly string[]> => {
  const [file = '', ...args] = traced('ls /sys/kernel/tracing/instances');
  return (await execa(file, args, { reject: false })).stdout.split('\n');
};
/** The kernel has one set of them for all private hosts. */
const instance = (what: 'mkdir' | 'rmdir', name: string) => {
  const [file = '', ...args] = traced(`${what} "/sys/kernel/tracing/instances/$1"`, name);
  return execa(file, args, { reject: false });
};
/** A program that looks as if a patchlab had started it. */
function program(of: string): number {
  const env = { ...process.env, PATCHLAB_ALIVE: `/run/patchlab-${of}/alive` };
  const child = spawn('sleep', ['4711'], { env, stdio: 'ignore', detached: true });
  child.unref();
  return child.pid ?? 0;
}
const runs = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

const foreignFolders = [
  '/run/patchlab-mine',
  `/run/patchlab-${LIVING}`,
  `/dev/shm/patchlab-verify-${LIVING}`,
  `/dev/shm/patchlab-verify-mine-${DEAD}`,
  '/dev/shm/patchlab-verify.mine',
];
const ownFolders = [`/run/patchlab-${DEAD}`, `/dev/shm/patchlab-verify-${DEAD}`];
const cache = process.env.PATCHLAB_CACHE ?? '/var/cache/patchlab';
const foreignInstance = `patchlab-${space}:mine`;
const ownInstance = `patchlab-${space}:${uuid}:4194304`;

let foreignProcess: number;
let ownProcess: number;
let before: string;

beforeAll(async () => {
  await run('ip', 'link', 'add', 'pvdecoy', 'type', 'veth', 'peer', 'name', 'pvdecoy2');
  await run('ip', 'link', 'set', 'dev', 'pvdecoy', 'alias', 'patchlab');
  await run('ip', 'link', 'set', 'dev', 'pvdecoy2', 'alias', 'my patchlab:ovs-normal');
  await run('ip', 'netns', 'add', 'ovs-normal.decoy');
  await run('ovs-vsctl', 'add-br', 'patchlab', '--', 'br-set-external-id', 'patchlab', 'lab', 'x');
  for (const table of ['ip patchlab.ovs-normal', 'inet patchlab-ovs-normal'])
    await run('nft', 'add', 'table', ...table.split(' '));
  for (const path of foreignFolders) mkdirSync(path);
  await instance('mkdir', foreignInstance);
  foreignProcess = program(LIVING);
  expect((await cli(['up', topology('bridge-eats-lldp')])).exitCode).toBe(0);
  before = await hostSnapshot();

  for (const lab of ['ovs-normal', 'namespace-cable'])
    expect((await cli(['up', topology(lab)])).exitCode).toBe(0);
  // One is forgotten, the other is of an earlier boot.
  rmSync(labFiles('ovs-normal').dir, { recursive: true });
  const { lab } = labFiles('namespace-cable');
  const stored = JSON.parse(readFileSync(lab, 'utf8')) as object;
  writeFileSync(lab, JSON.stringify({ ...stored, boot: 'an earlier one' }));
  writeFileSync(labFiles('gone').lock, `${'4194304'.padEnd(15)}\n`, { mode: 0o600 });
  mkdirSync(join(cache, 'states/0123456789abcdef.new'), { recursive: true });
  for (const path of ownFolders) mkdirSync(path);
  await instance('mkdir', ownInstance);
  ownProcess = program(DEAD);
});
afterAll(async () => {
  await cli(['down', '--all']);
  process.kill(foreignProcess);
  await instance('rmdir', foreignInstance);
});

/** What is found, by kind, each thing once. */
async function found(...options: readonly string[]) {
  const { result } = await cliJson('prune', ...options);
  return result;
}

describe('prune', () => {
  it('lists what patchlab has left, with why, and nothing else', async () => {
    const there = await hostSnapshot();
    const { leftovers, removed } = await found('--dry-run');
    expect(removed).toBe(false);
    const named = (kind: string) =>
      leftovers.filter((one) => one.kind === kind).map(({ name }) => name);
    expect(named('folder').sort()).toEqual([...ownFolders].sort());
    expect(named('process')).toEqual([`${ownProcess} sleep 4711`]);
    expect(named('lock')).toEqual([labFiles('gone').lock, labFiles('ovs-normal').lock]);
    expect(named('unfinished')).toEqual(['0123456789abcdef']);
    const all = await instances();
    expect(named('trace')).toEqual(all.filter((name) => name === ownInstance));
    const things = leftovers.filter(({ kind }) => kind === 'lab');
    const kinds = new Set(things.map(({ what }) => what));
    expect([...kinds].sort()).toEqual([
      'Open vSwitch bridge',
      'lab',
      'network device',
      'network namespace',
      'nftables table',
    ]);
    for (const { what, name, why } of things)
      if (what === 'lab')
        expect([name, why]).toEqual(['namespace-cable', expect.stringContaining('booted')]);
      else expect(why).toMatch(/ovs-normal.*and no lab ovs-normal is known/);
    expect(await hostSnapshot()).toBe(there);
  });

  it('asks, and removes nothing where that is not wanted, or nobody can be asked', async () => {
    const there = await hostSnapshot();
    const asked = await execa('script', ['-qec', `${root}bin/patchlab prune`, '/dev/null'], {
      input: 'n\n',
    });
    expect(asked.stdout).toContain('[y/N]');
    expect(asked.stdout).toContain('Nothing was removed.');
    expect(await cli(['prune'])).toMatchObject({ exitCode: 2 });
    expect(await hostSnapshot()).toBe(there);
  });

  it('removes it, and nothing that is like it', async () => {
    const { stdout, exitCode } = await cli(['prune', '--yes']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('All of it is removed.')]);
    await expectHostAsBefore(before);
    await expect.poll(() => runs(ownProcess)).toBe(false);
    expect(runs(foreignProcess)).toBe(true);
    expect(foreignFolders.filter((path) => !existsSync(path))).toEqual([]);
    expect(ownFolders.filter((path) => existsSync(path))).toEqual([]);
    expect(await instances()).not.toContain(ownInstance);
    expect(existsSync(join(cache, 'states/0123456789abcdef.new'))).toBe(false);
    expect((await cliJson('status', 'bridge-eats-lldp')).result).toMatchObject({ state: 'up' });
    expect(await found('--dry-run')).toMatchObject({ leftovers: [] });
  });
});
