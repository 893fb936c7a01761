import { once } from 'node:events';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cli, scratchFolder, topologyFile, verify } from '../support/cli.js';

const LAB = `name: panel
nodes:
  a: { kind: netns, addresses: { eth1: 10.8.1.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.8.1.2/24 } }
  c: { kind: netns, addresses: { eth1: 10.8.1.3/24 } }
  d: { kind: netns, addresses: { eth1: 10.8.1.4/24 } }
links:
  - { kind: ovs-panel, patches: [[a:eth1, b:eth1], [c:eth1, d:eth1]] }
`;

const folder = scratchFolder();

beforeAll(async () => {
  const file = await topologyFile(folder, 'panel.yaml', LAB);
  expect((await cli(['up', file])).exitCode).toBe(0);
});

afterAll(() => cli(['down', 'panel']));

const inside = (node: string, program: string) =>
  execa('ip', ['netns', 'exec', `panel.${node}`, 'node', '--eval', program], { timeout: 60_000 });

it('carries LLDP, ARP and ICMP on each patch', async () => {
  const { exitCode, verdicts } = await verify('panel');
  expect(verdicts.map(({ outcome }) => outcome)).toEqual(Array(12).fill('pass'));
  expect(exitCode).toBe(0);
});

it('joins the two ends of a patch and nobody else', async () => {
  const { exitCode } = await cli(['exec', 'a', '--', 'ping', '-c1', '-W1', '10.8.1.3']);
  expect(exitCode).toBe(1);
});

it('carries TCP, whose checksums a userspace datapath does not finish', async () => {
  const server = inside(
    'b',
    `require('net').createServer((socket) => {
      let bytes = 0;
      socket.on('data', (chunk) => (bytes += chunk.length));
      socket.on('end', () => { console.log(bytes); process.exit(); });
    }).listen(5000, '10.8.1.2', () => console.log('listening'))`,
  );
  await once(server.stdout, 'data');
  await inside('a', `require('net').connect(5000, '10.8.1.2').end(Buffer.alloc(1000000))`);
  expect((await server).stdout).toContain('1000000');
});
