import { execa } from 'execa';
import { expect, it } from 'vitest';
import {
  cli,
  cliJson,
  restoresHost,
  scratchFolder,
  startCli,
  status,
  topology,
  topologyFile,
  untilSaid,
  verify,
} from '../support/cli.js';

/** What a lab stands on fails under it: each command ends in time, says what failed, and `down` restores the host. */

const folder = scratchFolder();
restoresHost();

/** Send a signal to the processes whose command line matches; those of this test's own host alone. */
const signal = (name: string, pattern: string) =>
  execa('pkill', [`-${name}`, '-f', pattern], { reject: false });
const LIBVIRTD = '^libvirtd';
const VSWITCHD = '^ovs-vswitchd';
const OVSDB = '^ovsdb-server';

/** Two guests on a cable, which are told apart by the name that they have in QEMU's command line. */
const GUESTS = topology('lldp-direct');
const qemuOf = (domain: string): string => `^/usr/bin/qemu-.* guest=${domain},`;

async function startLibvirt(): Promise<void> {
  await execa('libvirtd', ['-d']);
  const asks = () => execa('virsh', ['-c', 'qemu:///system', 'uri'], { reject: false });
  await expect.poll(async () => (await asks()).exitCode, { timeout: 30_000 }).toBe(0);
}

const startSwitch = () =>
  execa('ovs-vswitchd', ['unix:/var/run/openvswitch/db.sock', '--pidfile', '--detach']);

it('a libvirtd that hangs: nothing is begun, and nothing waits for it', async () => {
  expect((await cli(['up', GUESTS, '--no-verify'])).exitCode).toBe(0);
  await signal('STOP', LIBVIRTD);
  const other = await topologyFile(
    folder,
    'other.yaml',
    'name: other\nnodes: { a: { kind: vm } }\nlinks: []\n',
  );
  const fail = async () => ({
    ...{ up: await cli(['up', other]), seen: await status('lldp-direct') },
    down: await cli(['down', 'lldp-direct']),
  });
  const { up, seen, down } = await fail().finally(() => signal('CONT', LIBVIRTD));
  expect([up.exitCode, up.stderr]).toEqual([4, expect.stringMatching(/libvirt.*did not end/)]);
  expect([seen.state, seen.drift]).toEqual(['unknown', []]);
  expect(seen.nodes.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
  expect(down.exitCode).toBe(3);
  expect(down.stderr).toMatch(/`lldp-direct.sw1`.*could not be found out/);
  // What was left is removed as soon as libvirtd goes on.
  expect((await cli(['down', 'lldp-direct'])).exitCode).toBe(0);
});

it('a libvirtd that ends while guests start: an error, and the lab is taken back', async () => {
  const up = startCli(['up', GUESTS, '--no-verify'], { PATCHLAB_COLD: '1' });
  await untilSaid(up, 'devices of the host');
  await signal('KILL', LIBVIRTD);
  const { exitCode, stderr } = await up;
  await startLibvirt();
  expect([exitCode, stderr]).toEqual([expect.any(Number), expect.stringMatching(/libvirt/)]);
  expect(exitCode).not.toBe(0);
});

it('guests that die: in the middle of `up`, and later', async () => {
  const up = startCli(['up', GUESTS, '--no-verify']);
  let ended = false;
  // Each time that it is started: a guest that cannot go on from its stored state is booted.
  const kills = async () => {
    await signal('KILL', qemuOf('lldp-direct.sw1'));
    return ended;
  };
  const died = up.finally(() => (ended = true));
  await expect.poll(kills, { timeout: 120_000, interval: 10 }).toBe(true);
  const { exitCode, stderr } = await died;
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('lldp-direct.sw1')]);

  expect((await cli(['up', GUESTS, '--no-verify'])).exitCode).toBe(0);
  await signal('KILL', qemuOf('lldp-direct.sw1'));
  const { nodes, state } = await status('lldp-direct');
  expect(state).toBe('partial');
  expect(nodes).toMatchObject([
    { name: 'sw1', state: 'absent', log: { lines: [expect.any(String)] } },
    { name: 'sw2', state: 'running', log: null },
  ]);
  const { verdicts } = await verify('lldp-direct');
  // The guest that runs is the decoy: it is what hears nothing.
  for (const { blame } of verdicts)
    expect(blame?.reason).toMatch(/^sw1 does not run: it is shut off. What it said last: `.+`$/);
});

it('a guest that hangs: its checks end, and it is named with the end of its console', async () => {
  expect((await cli(['up', GUESTS, '--no-verify'])).exitCode).toBe(0);
  const dying = startCli(['exec', 'sw2', '--', 'sh', '-c', 'echo c >/proc/sysrq-trigger']);
  const said = async () => (await status('lldp-direct')).nodes[1]?.log?.lines.join('\n');
  await expect.poll(said, { timeout: 90_000 }).toMatch(/Kernel panic/);
  dying.kill();
  await dying;
});

const panelFile = () =>
  topologyFile(
    folder,
    'panel.yaml',
    [
      'name: panel',
      'nodes: { a: { kind: netns }, b: { kind: netns } }',
      'links: [{ kind: ovs-panel, patches: [[a:eth1, b:eth1]] }]',
      'verify: [{ probe: frame, class: arp-request, from: a:eth1, to: b:eth1 }]',
      '',
    ].join('\n'),
  );

it('an ovs-vswitchd that ends: it is named, and `up` mends what it has lost', async () => {
  const file = await panelFile();
  expect((await cli(['up', file])).exitCode).toBe(0);
  const reason = async () => (await verify('panel')).verdicts[0]?.blame?.reason;

  await signal('KILL', VSWITCHD);
  const { state, unread, drift } = await status('panel');
  expect([state, unread, drift]).toEqual(['unknown', ['Open vSwitch does not answer'], []]);
  expect(await reason()).toMatch(/^Nobody answers for the panel/);
  const up = await cli(['up', file]).finally(startSwitch);
  expect([up.exitCode, up.stderr]).toEqual([4, expect.stringContaining('host/silent')]);

  // It runs again, without the flows: what is named now is another cause.
  expect(await reason()).toMatch(/has no flow from/);
  const { exitCode, result } = await cliJson('up', file);
  expect([exitCode, result.changes.length]).toEqual([0, 2]);
  expect((await verify('panel')).exitCode).toBe(0);
});

it('a database of Open vSwitch that hangs: nothing of it counts as gone', async () => {
  expect((await cli(['up', await panelFile()])).exitCode).toBe(0);
  await signal('STOP', OVSDB);
  const seen = await status('panel').finally(() => signal('CONT', OVSDB));
  expect(seen).toMatchObject({
    ...{ state: 'unknown', unread: ['Open vSwitch does not answer'], drift: [] },
  });
});
