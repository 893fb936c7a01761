import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { cli, hostSnapshot, root, topology, untilSaid } from '../support/cli.js';
import { ordinaryUser } from '../support/ordinary-user.js';

/** Labs of a user who is not root: all that labs of namespaces do, and nothing of them on the host. */

const user = ordinaryUser();

const RING = `name: ring
nodes:
  a: { kind: netns, addresses: { eth0: 10.9.0.1/24 }, devices: [] }
  b: { kind: netns, addresses: { eth0: 10.9.0.2/24 } }
  s1: { kind: netns, devices: [{ kind: bridge, name: br0, members: [p1, p2, a], stp: true, priority: 4096 }] }
  s2: { kind: netns, devices: [{ kind: bridge, name: br0, members: [p1, p2, b], stp: true }] }
  s3: { kind: netns, devices: [{ kind: bridge, name: br0, members: [p1, p2], stp: true }] }
links:
  - { kind: veth, ends: [s1:p1, s2:p2] }
  - { kind: veth, ends: [s2:p1, s3:p2] }
  - { kind: veth, ends: [s3:p1, s1:p2] }
  - { kind: veth, ends: [a:eth0, s1:a] }
  - { kind: veth, ends: [b:eth0, s2:b] }
verify:
  - { probe: icmp, from: a, to: b }
  - { probe: arp, from: b:eth0, to: a:eth0 }
`;

const before = user.leavesNothing();

const up = (file: string, ...words: readonly string[]): Promise<string> =>
  user.done('up', file, ...words);

/** The process that holds the labs of the user. */
const holder = (): number =>
  Number(readFileSync(join(user.home, '.local/state/patchlab/holder'), 'utf8').split(' ')[1]);

describe('a lab of a user who is not root', () => {
  it.each(['namespace-cable', 'bridge-eats-lldp', 'macvlan-modes', 'ring'])(
    '%s is built and proved, and nothing of it is on the host',
    async (name) => {
      await up(user.fileOf(name, name === 'ring' ? RING : undefined));
      expect(await hostSnapshot()).toBe(before());
      const verdicts = await user.verdicts(name);
      expect(verdicts.length).toBeGreaterThan(1);
      for (const verdict of verdicts) expect(verdict).toMatch(/^pass as predicted/);
      expect(await hostSnapshot()).toBe(before());
      // Root has no such lab.
      expect((await cli(['status', name])).exitCode).toBe(2);
      expect((await user.run('down', name)).exitCode).toBe(0);
    },
  );

  it('has an Open vSwitch of its own where the user may open taps, and is refused elsewhere', async () => {
    const text = `name: switched
nodes:
  s: { kind: netns, devices: [{ kind: ovs, name: of, ports: [eth1] }] }
  a: { kind: netns }
links:
  - { kind: veth, ends: [a:eth1, s:eth1] }
`;
    const { exitCode, stderr } = await user.run('up', user.fileOf('switched', text));
    const mayOpenTaps = (statSync('/dev/net/tun').mode & 0o006) === 0o006;
    const refusal = [4, expect.stringMatching(/tap/)];
    expect([exitCode, stderr]).toEqual(mayOpenTaps ? [0, expect.any(String)] : refusal);
  });

  it('is nobody else’s to read', async () => {
    await up(user.fileOf('namespace-cable'));
    const modes = (await user.left()).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(new Set(modes)).toEqual(new Set(['700 d', '600 f']));
  });

  it('runs commands in its nodes, with their output, exit codes and octets', async () => {
    await up(user.fileOf('namespace-cable'));
    const { stdout } = await user.run('exec', 'a', '--', 'ping', '-c1', '-W2', '10.0.0.2');
    expect(stdout).toContain('1 received');
    expect((await user.run('exec', 'a', '--', 'sh', '-c', 'exit 7')).exitCode).toBe(7);
    expect((await user.run('exec', 'a', '--', 'printf', 'a b\\n')).stdout).toBe('a b');
    expect((await user.run('capture', 'namespace-cable', '--for', '0.2', '--text')).exitCode).toBe(
      0,
    );
  });

  it('is changed in place, and mended where somebody has changed it by hand', async () => {
    const text = readFileSync(topology('namespace-cable.yaml'), 'utf8');
    await up(user.fileOf('namespace-cable', text));
    const edited = text.replaceAll('10.0.0.2/24', '10.0.0.3/24');
    expect(edited).not.toBe(text);
    const { stdout } = await user.run('up', user.fileOf('namespace-cable', edited));
    expect(stdout).toContain('was changed in place');
    await user.run('exec', 'b', '--', 'ip', 'address', 'flush', 'dev', 'eth1');
    expect((await user.run('status', 'namespace-cable')).stdout).toContain('not as it was built');
    await up(join(user.home, '../namespace-cable.yaml'));
    expect((await user.run('restart', 'namespace-cable', 'a')).exitCode).toBe(0);
    for (const verdict of await user.verdicts('namespace-cable'))
      expect(verdict).toMatch(/^pass as predicted/);
  });

  it('is apart from a lab of root that has its name', async () => {
    const file = user.fileOf('namespace-cable');
    expect((await cli(['up', file])).exitCode).toBe(0);
    await up(file);
    expect((await cli(['down', 'namespace-cable'])).exitCode).toBe(0);
    for (const verdict of await user.verdicts('namespace-cable'))
      expect(verdict).toMatch(/^pass as predicted/);
  });

  it('is mended after its holder was killed, and then removed after that was', async () => {
    const file = user.fileOf('bridge-eats-lldp');
    await up(file);
    process.kill(holder(), 'SIGKILL');
    expect((await user.run('list')).stdout).toContain('partial');
    await up(file);
    for (const verdict of await user.verdicts('bridge-eats-lldp'))
      expect(verdict).toMatch(/^pass as predicted/);
    process.kill(holder(), 'SIGKILL');
    expect((await user.run('down', 'bridge-eats-lldp')).exitCode).toBe(0);
  });

  it('goes with what still runs in it, and a command with its patchlab, however that ends', async () => {
    await up(user.fileOf('namespace-cable'));
    await user.run('exec', 'a', '--', 'sh', '-c', 'setsid tail -f /dev/null >/dev/null 2>&1 &');
    expect(user.processes().join()).toContain('tail -f');
    const capture = user.start('capture', 'namespace-cable', '--text');
    await untilSaid(capture, 'capturing');
    capture.kill('SIGINT');
    expect(await capture).toMatchObject({ exitCode: 0 });
    const killed = user.start('capture', 'namespace-cable', '--text');
    await untilSaid(killed, 'capturing');
    killed.kill('SIGKILL');
    await expect.poll(() => user.processes().join()).not.toContain('bin/patchlab');
  });

  it('waits for nobody but who works on the same lab', async () => {
    const files = ['namespace-cable', 'macvlan-modes', 'namespace-cable'].map((name) =>
      user.fileOf(name),
    );
    const ends = await Promise.all(files.map((file) => user.run('up', file)));
    expect(ends.map(({ exitCode, stderr }) => (exitCode === 0 ? '' : stderr)).join()).toMatch(
      /^(,,|.*lab\/busy.*)$/s,
    );
    expect((await user.run('list')).stdout.match(/ up /g)).toHaveLength(2);
  });
});

describe('what needs root', () => {
  it.each([
    ['ovs-normal', /ovs-normal\.yaml:\d+:\d+: plain is `kind: ovs-switch`, which needs root\./],
    ['ovs-patch-panel', /ovs-patch-panel\.yaml:\d+:\d+: .* is `kind: ovs-panel`, which needs root/],
  ])('%s is refused with its place, reason and remedy, and nothing is made', async (name, what) => {
    const { exitCode, stderr } = await user.run('up', user.fileOf(name));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(what);
    expect(stderr).toMatch(/why: .+\n {2}fix: build the lab as root/);
    expect([await user.left(), user.processes()]).toEqual([[], []]);
  });

  it('is nothing that a file alone tells', async () => {
    const file = user.fileOf('lldp-direct');
    for (const command of ['plan', 'predict', 'graph'])
      expect((await user.run(command, file)).exitCode).toBe(0);
  });

  it('is told by the doctor', async () => {
    const { exitCode, stdout } = await user.run('doctor', '--json');
    const { results } = JSON.parse(stdout) as { results: { check: string; ok: boolean }[] };
    expect(results).toContainEqual(expect.objectContaining({ check: 'user-namespaces', ok: true }));
    expect(exitCode).toBe(0);
  });

  it('is all where the kernel forbids namespaces, with the setting that does', async () => {
    // A setting that root of a user namespace may make for it alone.
    const script = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"';
    const { exitCode, stderr } = await execa(
      'unshare',
      [
        ...['--user', '--map-root-user', 'sh', '-c', script, 'sh'],
        ...[process.execPath, join(root, 'bin/patchlab')],
        ...['up', user.fileOf('namespace-cable'), '--rootless'],
      ],
      { reject: false, env: { PATCHLAB_STATE: join(user.home, '../state') } },
    );
    expect(exitCode).toBe(4);
    expect(stderr).toContain('fix: as root: sysctl -w user.max_user_namespaces=');
  });
});

it('root may have such labs too', async () => {
  const env = { XDG_STATE_HOME: join(user.home, '../roots') };
  expect((await cli(['up', user.fileOf('namespace-cable'), '--rootless'], env)).exitCode).toBe(0);
  expect(await hostSnapshot()).toBe(before());
  const { stdout } = await cli(['verify', 'namespace-cable', '--rootless'], env);
  expect(stdout).toContain('namespace-cable: 6 pass');
  expect((await cli(['down', '--all', '--rootless'], env)).exitCode).toBe(0);
});

it('are apart from those of root: one state folder for both is refused, and nothing of either is lost', async () => {
  const env = { PATCHLAB_STATE: join(user.home, '../shared') };
  const expectRefused = async (what: string, ...args: readonly string[]) => {
    const { exitCode, stderr } = await cli(args, env);
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(`${what}.*lab/state`)]);
  };
  expect((await cli(['up', 'namespace-cable'], env)).exitCode).toBe(0);
  for (const command of [['list'], ['down', '--all'], ['up', 'bridge-eats-lldp']])
    await expectRefused('is the state folder of labs of root', ...command, '--rootless');
  const theirs = await user.runWith(env, ['list']);
  expect([theirs.exitCode, theirs.stderr]).toEqual([3, expect.stringContaining('of another user')]);
  expect((await cli(['verify', 'namespace-cable'], env)).exitCode).toBe(0);
  expect((await cli(['down', '--all'], env)).exitCode).toBe(0);
  expect((await cli(['up', 'namespace-cable', '--rootless'], env)).exitCode).toBe(0);
  for (const command of [['list'], ['down', '--all'], ['up', 'bridge-eats-lldp'], ['prune']])
    await expectRefused('is the state folder of labs without root', ...command);
  expect((await cli(['verify', 'namespace-cable', '--rootless'], env)).exitCode).toBe(0);
  expect((await cli(['down', '--all', '--rootless'], env)).exitCode).toBe(0);
});
