import { readdir } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  status,
  topologyFile,
  verify,
} from '../support/cli.js';
import { hasLldpd, startLldpd } from '../support/lldpd.js';

/** Somebody else's LLDP daemon hears what patchlab says is heard, and nothing where patchlab says that it dies. */

const LAB = `name: wit
nodes:
  a: { kind: netns }
  b: { kind: netns }
  c: { kind: netns }
links:
  - { kind: veth, ends: [a:eth1, b:eth1] }
  - { kind: bridge, ends: [a:eth2, b:eth2] }
  - { kind: ovs-panel, patches: [[a:eth3, b:eth3]] }
  - { kind: ovs-switch, ends: [a:eth4, b:eth4] }
  - { kind: bridge, group_fwd_mask: 0x4000, ends: [a:eth5, b:eth5, c:eth5] }
`;

const both = (one: string, other: string): string[] => [
  `${one} hears ${other}`,
  `${other} hears ${one}`,
];
const HEARD = [
  ...both('a:eth1', 'b:eth1'),
  ...both('a:eth3', 'b:eth3'),
  ...both('a:eth5', 'b:eth5'),
  ...both('a:eth5', 'c:eth5'),
  ...both('b:eth5', 'c:eth5'),
].sort();

const installed = hasLldpd();
const folder = scratchFolder();
const sockets = scratchFolder();
const daemons: Awaited<ReturnType<typeof startLldpd>>[] = [];
let before: string;
let verdicts: Awaited<ReturnType<typeof verify>>['verdicts'];

beforeAll(async () => {
  if (!installed) return;
  before = await hostSnapshot();
  const file = await topologyFile(folder, 'wit.yaml', LAB);
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
  // Before there is anybody else whose frames could be taken for its own.
  ({ verdicts } = await verify('wit'));
  for (const node of ['a', 'b', 'c']) daemons.push(await startLldpd('wit', node, sockets));
});

afterAll(async () => {
  await Promise.all(daemons.map((daemon) => daemon.stop()));
  await cli(['down', 'wit']);
});

beforeEach((context) => {
  if (!installed) context.skip('lldpd is not installed: nobody else was asked (apt install lldpd)');
});

/** Each adjacency that the daemons tell, in the words of the lab. @param type - what a port is known by in them */
async function adjacencies(type: 'mac' | 'ifname'): Promise<string[]> {
  const { nodes } = await status('wit');
  const owner = (mac?: string) => nodes.find(({ ports }) => ports.some((port) => port.mac === mac));
  const heard = daemons.map(async ({ neighbours }) =>
    (await neighbours())
      .filter((neighbour) => neighbour.type === type)
      .map(({ at, chassis, port }) => {
        const there = owner(chassis);
        const far = there?.ports.find(({ mac, name }) => [mac, name].includes(port ?? ''));
        return `${at} hears ${there?.name}:${far?.name}`;
      }),
  );
  return (await Promise.all(heard)).flat().sort();
}

describe('lldpd', () => {
  it('is heard by itself exactly where the verdicts have LLDP arrive', async () => {
    const counts = async () =>
      (await Promise.all(daemons.map(({ statistics }) => statistics()))).flat();
    const fewest = async () => Math.min(...(await counts()).map(({ sent }) => sent));
    // What has not come through by the third time does not come.
    await expect.poll(fewest, { timeout: 60_000, interval: 200 }).toBeGreaterThanOrEqual(3);

    expect(verdicts.map(({ probe }) => probe)).toEqual(Array(14).fill('lldp'));
    const told = (outcome: string) => verdicts.filter((verdict) => verdict.outcome === outcome);
    const passed = told('pass').map(({ from, to }) => `${to} hears ${from}`);
    expect(passed.sort()).toEqual(HEARD);
    expect(await adjacencies('mac')).toEqual(HEARD);

    const silent = (await counts()).filter(({ heard }) => heard === 0).map(({ port }) => port);
    expect(silent.sort()).toEqual(['a:eth2', 'a:eth4', 'b:eth2', 'b:eth4']);
    expect(
      told('fail')
        .map(({ to }) => to)
        .sort(),
    ).toEqual(silent);
  });

  it('hears ladvd where `neighbors` has ladvd hear ladvd, and does not disturb it', async () => {
    expect(await adjacencies('ifname')).toEqual([]);
    const { result } = await cliJson('neighbors', 'wit');
    const states = (wanted: string) =>
      result.neighbours
        .filter(({ state }) => state === wanted)
        .map(({ port, neighbour }) => `${port} hears ${neighbour}`)
        .sort();
    expect(states('expected')).toEqual(HEARD);
    expect(states('missing')).toEqual(
      [...both('a:eth2', 'b:eth2'), ...both('a:eth4', 'b:eth4')].sort(),
    );
    expect(result.neighbours).toHaveLength(14);
    expect(await adjacencies('ifname')).toEqual(HEARD);
  });

  it('leaves nothing behind', async () => {
    await Promise.all(daemons.map((daemon) => daemon.stop()));
    for (const { netns } of daemons)
      expect((await execa('ip', ['netns', 'pids', netns])).stdout).toBe('');
    expect(await readdir(sockets)).toEqual(['lldpd.conf']);
    expect(await cli(['down', 'wit'])).toMatchObject({ exitCode: 0 });
    await expectHostAsBefore(before);
  });
});
