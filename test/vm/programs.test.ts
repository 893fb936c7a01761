import { describe, expect, it } from 'vitest';
import { cli, cliJson, restoresHost, scratchFolder, topologyFile } from '../support/cli.js';

/** Programs of the user's that run in a guest. */

const folder = scratchFolder();
restoresHost();

const LAB = `name: programs-in-guest
nodes:
  a:
    kind: vm
    namespaces: [c1]
    devices: [{ kind: veth, name: p1, peer: 'c1:eth0' }]
    run:
      server: [socat, 'TCP-LISTEN:7777,fork,reuseaddr', 'EXEC:echo here']
      'c1:dies': [sh, -c, 'ip -br link show eth0; exit 3']
    addresses: { eth1: 10.0.0.1/24 }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: bridge, ends: [a:eth1, b:eth1] }
`;

async function up(text: string): Promise<void> {
  const file = await topologyFile(folder, 'programs.yaml', text);
  const { exitCode, stderr } = await cli(['up', '--no-verify', file]);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
}

const hear = async (port: number): Promise<string> =>
  (await cli(['exec', 'b', '--', 'socat', '-T5', `TCP:10.0.0.1:${port}`, 'STDOUT'])).stdout;

describe('programs in a guest', () => {
  it('run in its stacks, are started again, and give way to others', async () => {
    await up(LAB);
    await expect.poll(() => hear(7777), { timeout: 30_000 }).toBe('here');
    const said = async () => (await cliJson('logs', 'a/c1')).result.logs[0]?.lines ?? [];
    await expect.poll(async () => (await said()).length, { timeout: 30_000 }).toBeGreaterThan(2);
    expect((await said()).slice(0, 2)).toEqual([
      expect.stringMatching(/^eth0@if\d+ +UP /),
      'patchlab: it has ended with exit code 3 and is started again',
    ]);
    expect((await cliJson('logs', 'a')).result.logs.map(({ program }) => program)).toEqual([
      'server',
      'console',
    ]);
    await up(LAB.replaceAll('7777', '7778'));
    await expect.poll(() => hear(7778), { timeout: 30_000 }).toBe('here');
    expect(await hear(7777)).toBe('');
  });
});
