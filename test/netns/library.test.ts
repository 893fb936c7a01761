import { expect, it } from 'vitest';
import {
  labUp,
  PatchlabError,
  up,
  type LabDefinition,
  type RunningCapture,
} from '../../src/index.js';
import { cli, hostSnapshot, scratchFolder, topology, topologyFile } from '../support/cli.js';

/** Labs by functions: what the command line has, with its errors, and the machine as before at the end of a block. */

const folder = scratchFolder();

it('takes a lab down at the end of its block, and in the middle where something throws', async () => {
  const before = await hostSnapshot();
  const use = async (): Promise<never> => {
    await using net = await up(topology('bridge-eats-lldp.yaml'));
    expect((await net.status()).state).toBe('up');
    const running = await labUp('bridge-eats-lldp');
    expect((await running.node('a').exec(['cat'], { input: 'words' })).stdout).toBe('words');
    await net.cut('plain');
    expect((await running.status()).links.map(({ state }) => state)).toContain('cut');
    await net.plug('plain');
    throw new RangeError('in the middle');
  };
  await expect(use()).rejects.toThrow('in the middle');
  expect(await hostSnapshot()).toBe(before);
});

it('changes a lab that is up to another definition of it', async () => {
  const lab = (second: string): LabDefinition => ({
    name: 'growing',
    nodes: {
      a: { kind: 'netns', addresses: { eth1: ['10.0.0.1/24', second] } },
      b: { kind: 'netns' },
    },
    links: [{ kind: 'veth', ends: ['a:eth1', 'b:eth1'] }],
  });
  await up(lab('10.0.1.1/24'));
  await using net = await up(lab('10.0.2.1/24'));
  const { stdout } = await net.node('a').exec(['ip', '-4', '-br', 'addr', 'show', 'eth1']);
  expect(stdout).toContain('10.0.2.1/24');
  expect(stdout).not.toContain('10.0.1.1/24');
});

it('captures until it is stopped, and gives what came by then', async () => {
  await using net = await up('namespace-cable');
  const ports = net.lab.links[0]?.ends.map(({ port }) => port.ref) ?? [];
  const [from = '', to = ''] = ports;
  await using seen: RunningCapture = await net.capture([from, to], {
    filter: 'ether proto 0x88cc',
  });
  expect(seen.hops).toEqual(expect.arrayContaining([from, to]));
  await net.trace(from, to, { frame: 'lldp' });
  seen.stop();
  const at = new Set<string>();
  for await (const { at: hop, frame } of seen) {
    expect(frame.etherType).toBe(0x88cc);
    at.add(hop);
  }
  expect(at).toEqual(new Set([from, to]));
});

it('says what the command line says of what is wrong, with the same codes', async () => {
  const file = await topologyFile(
    folder,
    'wrong.yaml',
    'name: wrong\nnodes: { a: { kind: nets } }\nlinks: []\n',
  );
  await expect(up(file)).rejects.toThrow(/wrong\.yaml/);
  const code = (asked: Promise<unknown>) =>
    asked.then(
      () => undefined,
      (error: unknown) => (error instanceof PatchlabError ? error.code : error),
    );
  expect(await code(labUp('nowhere'))).toBe('lab/unknown');
  await using net = await up('namespace-cable');
  const [node = ''] = net.lab.nodes.map(({ name }) => name);
  expect(() => net.node('nobody')).toThrow(PatchlabError);
  expect(await code(net.trace(node, node, { vlan: 5000 }))).toBe('topology/wrong-value');
  expect(await code(net.capture(['nobody']))).toBe('lab/unknown-place');
  expect(await code(net.node(node).exec(['sleep', '4711'], { timeout: 200 }))).toBe(
    'command/timeout',
  );
  expect((await cli(['list'])).stdout).toContain('namespace-cable');
});
