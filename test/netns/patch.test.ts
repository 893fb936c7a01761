import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, cliJson, hostSnapshot, status, topology, verify } from '../support/cli.js';

/** Patches of a panel that are moved while it is up: known to all that asks, and no frame of others is lost. */

const FILE = topology('moved-patches.yaml');
const IN_FILE = [
  ['a:eth1', 'b:eth1'],
  ['c:eth1', 'd:eth1'],
];

let before: string;
beforeAll(async () => {
  before = await hostSnapshot();
  expect((await cli(['up', FILE])).exitCode).toBe(0);
});
afterAll(async () => {
  await cli(['down', '--all']);
  expect(await hostSnapshot()).toBe(before);
});

const outcomes = async () =>
  (await verify('moved-patches')).verdicts.map(({ probe, from, to, outcome, surprise }) => [
    `${probe} ${from} ${to}`,
    surprise ?? outcome,
  ]);

describe('a panel', () => {
  it('lists its patches, and changes nothing where they are so already', async () => {
    const told = await cli(['patch', 'rack']);
    expect(told.stdout).toBe('rack: a:eth1 - b:eth1\nrack: c:eth1 - d:eth1');
    const { result } = await cliJson('patch', 'a:eth1', 'b:eth1', 'a:eth1', '--lab', FILE);
    expect(result).toMatchObject({ link: 'rack', patches: IN_FILE, open: [], changed: false });
  });

  it('has others hear each other once it is patched otherwise, as the model has it', async () => {
    const { result } = await cliJson('patch', 'rack', 'c:eth1', 'a:eth1');
    expect(result).toMatchObject({
      ...{ patches: [['a:eth1', 'c:eth1']], open: ['b:eth1', 'd:eth1'] },
      ...{ file: IN_FILE, changed: true },
    });
    expect(await outcomes()).toEqual([
      ['lldp a:eth1 b:eth1', 'fail'],
      ['icmp a:eth1 b:eth1', 'fail'],
      ['icmp c:eth1 d:eth1', 'fail'],
      // It arrives, and the file has it blocked.
      ['icmp a:eth1 c:eth1', 'fail'],
    ]);
    // The file asks the same of the lab as it is.
    const { verdicts } = await verify(FILE);
    expect(verdicts[0]).toMatchObject({
      predicted: { outcome: 'blocked', at: 'rack panel' },
      blame: {
        at: 'rack panel',
        reason: expect.stringContaining('has no patch from a:eth1 veth to b:eth1 veth') as string,
        remedy: 'Patch them: `patchlab patch rack a:eth1 b:eth1`.',
      },
    });
    expect(verdicts[3]?.blame).toBeNull();
    const { result: heard } = await cliJson('neighbors', 'moved-patches');
    expect(heard.neighbours.map(({ port, state }) => [port, state])).toEqual([
      ['a:eth1', 'expected'],
      ['c:eth1', 'expected'],
    ]);
    const { links, drift } = await status('moved-patches');
    expect([links.map(({ state }) => state), drift]).toEqual([['up'], []]);
  });

  it('is as its file says after `up`, which changes just its flows', async () => {
    await cli(['patch', 'rack', 'a:eth1', 'd:eth1', 'b:eth1', 'c:eth1']);
    const { stdout } = await cli(['up', FILE, '--no-verify']);
    expect(stdout).toContain('(4 changes)');
    expect((await cliJson('patch', 'rack')).result.patches).toEqual(IN_FILE);
    expect(new Set((await outcomes()).map(([, outcome]) => outcome))).toEqual(new Set(['pass']));
  });

  it('loses no frame of patches that stay, however often others are moved', async () => {
    const argv = ['netns', 'exec', 'moved-patches.c', 'ping', '-i', '0.005', '10.0.0.4'];
    const pings = execa('ip', argv, { reject: false });
    let said = '';
    pings.stdout.on('data', (part: Buffer) => (said += part.toString()));
    const answered = () => [...said.matchAll(/icmp_seq=(\d+) /g)].map(([, seq]) => Number(seq));
    for (let round = 0; round < 3; round += 1) {
      expect((await cli(['patch', 'rack', 'a:eth1', '--open'])).exitCode).toBe(0);
      expect((await cli(['patch', 'rack', 'b:eth1', 'a:eth1'])).exitCode).toBe(0);
    }
    const { length } = answered();
    expect(length).toBeGreaterThan(50);
    await expect.poll(() => answered().length, { timeout: 10_000 }).toBeGreaterThan(length + 10);
    pings.kill('SIGINT');
    await pings;
    expect(answered()).toEqual(answered().map((_, index) => index + 1));
  });

  it('is refused what makes no sense, with what would', async () => {
    const asked = [
      ['rack', 'a:eth1'],
      ['rack', 'a:eth1', 'x:eth1'],
      ['rack', 'a:eth1', 'a:eth1'],
      ['desk', 'a:eth1', 'b:eth1'],
    ];
    const told = await Promise.all(asked.map((words) => cli(['patch', ...words])));
    expect(told.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2]);
    expect(told.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining('say --open'),
      expect.stringContaining('has no port `x:eth1`'),
      expect.stringContaining('named twice'),
      expect.stringContaining('`rack`'),
    ]);
  });
});
