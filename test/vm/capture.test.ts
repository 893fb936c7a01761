import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { cli, scratchFolder, startCli, topologyFile, untilSaid } from '../support/cli.js';

/** Captures inside guests, whose clocks are their own. */

const LAB = `name: inside
nodes:
  sw1: { kind: vm, addresses: { eth1: 10.0.0.1/24, eth2: 10.0.1.1/24 } }
  sw2: { kind: vm, addresses: { eth1: 10.0.0.2/24, eth2: 10.0.1.2/24 } }
links:
  - { kind: macvtap, mode: passthru, ends: [sw1:eth1, sw2:eth1] }
  - { name: wire, kind: udp, ends: [sw1:eth2, sw2:eth2] }
`;

const folder = scratchFolder();
beforeAll(async () => {
  expect((await cli(['up', await topologyFile(folder, 'inside.yaml', LAB)])).exitCode).toBe(0);
});
afterAll(() => cli(['down', '--all']));

/** The frames of a ping that a capture of a link sees, and what it says at its end. */
async function capture(link: string, count: number, target: string) {
  const args = ['capture', 'inside', link, '-f', 'icmp', '--json', '--count', String(count)];
  const running = startCli(args);
  await untilSaid(running, '"event":"begin"');
  const pinging = startCli(['exec', 'sw1', '--', 'ping', '-q', '-i', '0.2', target]);
  const { exitCode, stdout } = await running;
  pinging.kill('SIGINT');
  await pinging;
  const lines = stdout.split('\n').map((line) => resultSchemas.capture.parse(JSON.parse(line)));
  const frames = lines.flatMap((line) => (line.event === 'frame' ? [line] : []));
  return { exitCode, frames, end: lines.at(-1) };
}

/** What captures leave in a guest while nobody captures. */
const left = async (node: string): Promise<string> => {
  const script = 'ls /run | grep patchlab-verify; ps | grep "[t]cpdump -"';
  return (await cli(['exec', node, '--', 'sh', '-c', script])).stdout;
};

describe('a capture of guests', () => {
  it('has hops of guests and of the host by one clock, however wrong theirs are', async () => {
    await cli(['exec', 'sw2', '--', 'date', '-s', '2020-01-01 00:00:00']);
    const begun = Date.now() / 1000;
    const { exitCode, frames, end } = await capture('sw1:eth1-sw2:eth1', 36, '10.0.0.2');
    expect([exitCode, end]).toMatchObject([0, { frames: 36, late: 0, incomplete: [] }]);
    const labels = ['sw1:eth1', 'sw1:eth1 macvtap', 'sw1:eth1 veth'];
    const all = labels.flatMap((label) => [label, label.replace('sw1', 'sw2')]);
    expect([...new Set(frames.map(({ hop }) => hop))].sort()).toEqual(all.sort());
    const times = frames.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.min(...times)).toBeGreaterThan(begun - 60);
    expect(Math.max(...times)).toBeLessThan(Date.now() / 1000 + 60);
  });

  it('sees a cable without a device at its ends, and leaves nothing in the guests', async () => {
    const { exitCode, frames } = await capture('wire', 8, '10.0.1.2');
    expect(exitCode).toBe(0);
    expect([...new Set(frames.map(({ hop }) => hop))].sort()).toEqual(['sw1:eth2', 'sw2:eth2']);
    expect([await left('sw1'), await left('sw2')]).toEqual(['', '']);
  });
});
