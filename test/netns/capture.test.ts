import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localHost } from '../../src/apply/hosts/local.js';
import type { Hop } from '../../src/hops/types.js';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { startSession } from '../../src/verify/capture/session.js';
import {
  cli,
  expectHostAsBefore,
  hostSnapshot,
  root,
  scratchFolder,
  startCli,
  untilSaid,
  topologyFile,
} from '../support/cli.js';
import { readPcapng } from '../support/pcapng.js';

/** Captures on many hops at once, of a lab that is up and in use. */

const LAB = `name: watched
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b:
    kind: netns
    namespaces: [c1]
    devices:
      - { kind: veth, name: c1up, peer: c1:eth0 }
      - { kind: bridge, name: br0, members: [eth1, c1up] }
    addresses: { c1:eth0: 10.0.0.2/24 }
links:
  - { kind: bridge, ends: [a:eth1, b:eth1] }
`;

/** The way of a ping, as a capture can see it. */
const WAY = ['a:eth1', 'a:eth1 veth', 'b:eth1 veth', 'b:eth1', 'b:c1up', 'b/c1:eth0'];

const folder = scratchFolder();
const left = (): readonly string[] =>
  readdirSync('/dev/shm').filter((name) => name.startsWith('patchlab'));
let before: string;

beforeAll(async () => {
  const file = await topologyFile(folder, 'watched.yaml', LAB);
  expect((await cli(['up', file])).exitCode).toBe(0);
});
afterAll(() => cli(['down', 'watched']));

beforeEach(async () => {
  before = await hostSnapshot();
});
afterEach(async () => {
  await expectHostAsBefore(before);
  expect(left()).toEqual([]);
});

/** A capture that listens. */
async function capturing(...args: string[]) {
  const running = startCli(['capture', 'watched', ...args]);
  await untilSaid(running, 'capturing on');
  return { running };
}

const ping = (count: number, ...more: string[]) =>
  cli([
    ...['exec', 'a', '--lab', 'watched', '--'],
    ...['ping', '-q', '-i', '0.002', '-c', String(count), ...more, '10.0.0.2'],
  ]);

/** Interfaces and times of a file, in its order. */
async function read(file: string) {
  const { interfaces, packets } = readPcapng(await readFile(file));
  return packets.map(({ micros, interface: at, length }) => ({
    ...{ hop: interfaces[at]?.name ?? '', micros, length },
  }));
}

describe('a capture of many hops', () => {
  it('has every frame at every hop, in the order of time, until Ctrl-C', async () => {
    const file = join(folder, 'made/all.pcapng');
    const { running } = await capturing('--filter', 'icmp', '-w', file);
    expect((await ping(5)).exitCode).toBe(0);
    running.kill('SIGINT');
    const { exitCode, stderr, stdout } = await running;
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain('60 frames on 6 hops');
    const packets = await read(file);
    const times = packets.map(({ micros }) => micros);
    expect(times).toEqual(times.toSorted((x, y) => Number(x - y)));
    // The first frame at every hop is the first request, the second its reply, and so on.
    for (let nth = 0; nth < 10; nth += 1) {
      const at = WAY.map((name) => packets.filter(({ hop }) => hop === name)[nth]?.micros ?? -1n);
      const along = nth % 2 === 0 ? at : at.toReversed();
      expect(along).toEqual(along.toSorted((x, y) => Number(x - y)));
      expect(along).not.toContain(-1n);
    }
  });

  it('loses nothing where tcpdump begins new files', async () => {
    const file = join(folder, 'much.pcapng');
    const { running } = await capturing('a:eth1', 'b/c1', '--filter', 'icmp', '-w', file);
    await ping(1500, '-s', '1400');
    running.kill('SIGTERM');
    expect((await running).exitCode).toBe(0);
    const packets = await read(file);
    expect(packets.filter(({ hop }) => hop === 'a:eth1')).toHaveLength(3000);
    expect(packets.filter(({ hop }) => hop === 'b/c1:eth0')).toHaveLength(3000);
    expect(packets.every(({ length }) => length === 1442)).toBe(true);
  });

  it('is read by tshark as it comes', async (context) => {
    if ((await execa('tshark', ['--version'], { reject: false })).exitCode !== 0) context.skip();
    const fields = ['frame.interface_name', 'icmp.type', 'frame.time_epoch'].flatMap((name) => [
      '-e',
      name,
    ]);
    const command = `${root}bin/patchlab capture watched a a:eth1-b:eth1 --filter icmp -c 16 | tshark -r - -T fields ${fields.join(' ')}; echo "\${PIPESTATUS[@]}"`;
    const running = execa('bash', ['-c', command]);
    await untilSaid(running, 'capturing on');
    await ping(2);
    const there = ['a:eth1', 'a:eth1 veth', 'b:eth1 veth', 'b:eth1'];
    const round = [
      ...there.map((hop) => `${hop}\t8`),
      ...there.toReversed().map((hop) => `${hop}\t0`),
    ];
    const lines = (await running).stdout.split('\n');
    expect(lines.pop()).toBe('0 0');
    const rows = lines.map((line) => line.split('\t'));
    // What has the same microsecond may come in either order.
    const seen = rows.map(([hop = '', type = '']) => `${hop}\t${type}`);
    expect(seen.sort()).toEqual([...round, ...round].sort());
    const times = rows.map(([, , time]) => Number(time));
    expect(times).toEqual(times.toSorted((x, y) => x - y));
  });

  it('prints an object a line with `--json`, and ends after the frames that were asked for', async () => {
    const args = ['capture', 'watched', 'b/c1', '-f', 'icmp', '--json', '--count', '3'];
    const running = startCli(args);
    await untilSaid(running, '"event":"begin"');
    await ping(3);
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n').map((line) => resultSchemas.capture.parse(JSON.parse(line)));
    expect(lines.map(({ event }) => event)).toEqual(['begin', 'frame', 'frame', 'frame', 'end']);
    expect(lines[0]).toMatchObject({ lab: 'watched', hops: ['b/c1:eth0'] });
    expect(lines[1]).toMatchObject({ hop: 'b/c1:eth0', stack: 'b/c1', class: 'icmp', length: 98 });
    expect(lines[4]).toMatchObject({ frames: 3, hops: ['b/c1:eth0'], incomplete: [] });
  });

  it('is text where that is asked for, and ends after its time', async () => {
    const { running } = await capturing('a', '--text', '--for', '1.5', '--filter', 'icmp');
    await ping(1);
    const { exitCode, stdout } = await running;
    expect([exitCode, stdout.split('\n').length]).toEqual([0, 2]);
    expect(stdout).toMatch(
      /^ +0\.000000 {2}a:eth1 {2}icmp +IP 10\.0\.0\.1 > 10\.0\.0\.2: ICMP echo request, /,
    );
  });

  it('ends when its reader goes away, though nothing is to be captured', async () => {
    const command = `${root}bin/patchlab capture watched a --filter 'ether proto 0x88b5' | head -c 1 | wc -c; echo "\${PIPESTATUS[0]}"`;
    expect((await execa('bash', ['-c', command])).stdout).toBe('1\n0');
  });

  it('is promiscuous only where that is asked for, and says what that changes', async () => {
    const promiscuity = async (): Promise<string> =>
      (await cli(['exec', 'a', '--', 'ip', '-d', 'link', 'show', 'eth1'])).stdout;
    const { running: quiet } = await capturing('a');
    expect(await promiscuity()).toContain('promiscuity 0');
    quiet.kill('SIGINT');
    expect((await quiet).stderr).not.toContain('promiscuous');
    const { running: loud } = await capturing('a', '--promiscuous');
    expect(await promiscuity()).toContain('promiscuity 1');
    loud.kill('SIGINT');
    expect((await loud).stderr).toContain('not what happens without it');
  });

  it('ends with what became of it when its device goes', async () => {
    const file = await topologyFile(folder, 'short.json', LAB.replace('watched', 'short'));
    await cli(['up', file]);
    const running = startCli(['capture', 'short', 'a', '--json']);
    await untilSaid(running, '"event":"begin"');
    await cli(['down', 'short']);
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(3);
    const end = resultSchemas.capture.parse(JSON.parse(stdout.split('\n').at(-1) ?? ''));
    const why = expect.stringContaining('disappeared') as string;
    expect(end).toMatchObject({ event: 'end', incomplete: [{ hop: 'a:eth1', why }] });
  });
});

describe('captures that nobody reads any more', () => {
  const hop = { id: '@host lo', label: 'lo', device: 'lo', settings: {} } as Hop;
  const points = [{ hop, netns: undefined }];
  const begin = (lasting: boolean) =>
    startSession(localHost, points, [], { filter: 'arp', limit: 1, lasting });

  it('end by themselves, and leave nothing', async () => {
    for (const lasting of [false, true]) {
      await begin(lasting);
      expect(left()).toHaveLength(1);
      await expect.poll(left, { timeout: 20_000 }).toEqual([]);
    }
  });

  it('go on for as long as they are read, where they are lasting ones', async () => {
    const [short, lasting] = [await begin(false), await begin(true)];
    expect(left()).toHaveLength(2);
    // By then the other has had its time, and this one several times as much.
    const reading = async (): Promise<number> => {
      await lasting.read();
      return left().length;
    };
    await expect.poll(reading, { timeout: 20_000, interval: 100 }).toBe(1);
    const since = performance.now();
    await expect
      .poll(async () => [await reading(), performance.now() - since > 3000], { timeout: 20_000 })
      .toEqual([1, true]);
    await Promise.all([short.stop(), lasting.stop()]);
  });
});

describe('a capture that cannot be', () => {
  it.each([
    [['--filter', 'icmpp or x'], 'syntax error', 2],
    [['--filter', '-w /tmp/x'], 'syntax error', 2],
    [['a:eht1'], 'did you mean `a:eth1`?', 2],
    [['--count', '0'], '--count takes a whole number above 0', 2],
    [['--for', '0'], '--for takes seconds above 0', 2],
    [['--json', '-w', '-'], 'Leave out one of --write and --json', 2],
    [['-w', '/dev/null/x'], '/dev/null/x could not be written', 3],
  ])('%j: says why, and starts nothing', async (args, why, code) => {
    const { exitCode, stderr, stdout } = await cli(['capture', 'watched', ...args]);
    expect([exitCode, stdout + stderr]).toEqual([code, expect.stringContaining(why) as string]);
    expect(stderr).not.toContain('capturing on');
  });
});
