import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../src/apply/command.js';
import {
  type CheckResult,
  checkRequirements,
  doctorAll,
  labelOf,
  requireHost,
} from '../../src/apply/doctor/index.js';
import { scratchBridge } from '../../src/apply/doctor/ovs.js';
import { root, untilSaid } from '../support/cli.js';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'patchlab-doctor-'));
});
afterEach(async () => {
  await rm(scratch, { recursive: true });
});

const lines = async (...argv: string[]) => (await runCommand(argv)).stdout.split('\n');

/** Everything that a check of this process could have left on the host. The kernel and ovs-vswitchd take devices away in the background. */
async function leftovers(): Promise<readonly string[]> {
  const bridge = `pld${process.pid.toString(36)}-`;
  return [
    ...(await lines('ip', 'netns')).filter((line) =>
      line.startsWith(`patchlab-doctor-${process.pid}-`),
    ),
    ...(await lines('ovs-vsctl', 'list-br')).filter((line) => line.startsWith(bridge)),
    ...(await lines('ip', '-oneline', 'link')).filter((line) => line.includes(` ${bridge}`)),
    // The character device of a macvtap with an index such as those of scratch devices.
    ...(await readdir('/dev')).filter((name) => /^tap\d{10}$/.test(name)),
    ...(await lines('ps', '-o', 'args=', '--ppid', String(process.pid))).filter((line) =>
      /^(ip|unshare|ovs-vsctl|virsh) /.test(line),
    ),
  ];
}

async function check(
  name: string,
  arg?: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CheckResult> {
  const requirement = arg === undefined ? { check: name } : { check: name, arg };
  const [result] = await checkRequirements([requirement], { env: { ...process.env, ...env } });
  return result!;
}

describe('a host that has everything', () => {
  it.each([
    ['root', undefined, 'effective user id 0'],
    ['command', 'tcpdump', '/tcpdump`'],
    ['netns', undefined, 'made and removed'],
    ['kernel-kind', 'veth', 'one was made'],
    ['kernel-kind', 'bridge', 'one was made'],
    ['kernel-kind', 'macvlan', 'one was made'],
    ['kernel-kind', 'macvtap', 'one was made'],
    ['kernel-kind', 'vxlan', 'one was made'],
    ['kernel-kind', 'tap', 'one was made'],
    ['kernel-kind', 'tun', 'one was made'],
    ['nftables', undefined, 'the tables were made'],
    ['tc-redirect', undefined, 'a filter that redirects was made'],
    ['device-nodes', undefined, 'opens'],
    ['device-free', 'no-such-dev', 'no device has this name'],
    ['udp-port-free', '16383', 'could be bound'],
    ['ovs', undefined, 'made and removed'],
    ['libvirt', undefined, '`qemu:///system` answers'],
    ['qemu', undefined, 'QEMU '],
    ['memory', '1048576', '1 MiB needed'],
    ['disk', '1048576', '1 MiB needed'],
  ])('passes %s %s', async (name, arg, found) => {
    const result = await check(name, arg);
    expect(result).toMatchObject({ check: name, ok: true });
    expect(result.found).toContain(found);
    expect(result.remedy).toBeUndefined();
    await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
  });
});

describe('a host that lacks something', () => {
  it('names the package of a program', async () => {
    expect(await check('command', 'no-such-program')).toMatchObject({
      ok: false,
      severity: 'error',
      found: 'The program `no-such-program` is not installed.',
      remedy: 'apt-get install no-such-program',
    });
    expect(await check('command', 'arping', { PATH: '' })).toMatchObject({
      remedy: 'apt-get install iputils-arping',
    });
  });

  it('tells a program that is not in PATH from one that is not installed', async () => {
    const result = await check('command', 'ethtool', { PATH: '/nowhere' });
    expect(result.found).toBe('`/usr/sbin/ethtool` is installed, but not in PATH.');
    expect(result.remedy).toContain('/usr/sbin');
  });

  it.each(['ovs', 'libvirt', 'qemu', 'netns', 'kernel-kind', 'nftables', 'tc-redirect'])(
    'fails %s where its programs are not in PATH',
    async (name) => {
      const result = await check(name, name === 'kernel-kind' ? 'veth' : undefined, { PATH: '' });
      expect(result).toMatchObject({ ok: false, severity: 'error' });
      expect(result.found).toMatch(/is not installed|not in PATH/);
    },
  );

  it('fails a kind that no kernel has', async () => {
    expect(await check('kernel-kind', 'patchcord')).toMatchObject({
      ok: false,
      found: expect.stringContaining('no device of the kind `patchcord`') as string,
    });
  });

  it('fails libvirt where nobody listens', async () => {
    const uri = `qemu+unix:///system?socket=${scratch}/libvirt-sock`;
    const result = await check('libvirt', undefined, { PATCHLAB_LIBVIRT_URI: uri });
    expect(result).toMatchObject({ ok: false, severity: 'error' });
    expect(result.found).toContain('No such file or directory');
    expect(result.remedy).toContain(`virsh -c '${uri}' uri`);
  });

  it('fails ovs where there is no database', async () => {
    const result = await check('ovs', undefined, { OVS_RUNDIR: scratch });
    expect(result).toMatchObject({ ok: false, severity: 'error' });
    expect(result.found).toContain('`ovsdb-server` does not answer');
    expect(result.ms).toBeLessThan(3000);
  });

  it('fails ovs where the database answers, but ovs-vswitchd does not act on it', async () => {
    const db = `${scratch}/conf.db`;
    await runCommand(['ovsdb-tool', 'create', db, '/usr/share/openvswitch/vswitch.ovsschema']);
    const remote = `--remote=punix:${scratch}/db.sock`;
    const server = execa('ovsdb-server', [remote, db], {
      env: { OVS_RUNDIR: scratch },
      reject: false,
    });
    try {
      await expect.poll(() => readdir(scratch), { timeout: 30_000 }).toContain('db.sock');
      await runCommand(['ovs-vsctl', '--no-wait', 'init'], { env: { OVS_RUNDIR: scratch } });
      const result = await check('ovs', undefined, { OVS_RUNDIR: scratch });
      expect(result).toMatchObject({ ok: false, severity: 'error' });
      expect(result.found).toContain('`ovs-vswitchd` does not act');
      expect(result.remedy).toContain('switch');
      const left = await runCommand(['ovs-vsctl', 'list-br'], { env: { OVS_RUNDIR: scratch } });
      expect(left.stdout).toBe('');
    } finally {
      server.kill();
      await server;
    }
  });

  it('fails a UDP port that another socket has', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    try {
      expect(await check('udp-port-free', String(port))).toMatchObject({
        ok: false,
        found: `Another program has the UDP port ${port} of 127.0.0.1.`,
      });
    } finally {
      socket.close();
    }
  });

  it('fails a name that a device has, and tells whose it is', async () => {
    const name = `pldt${process.pid}`;
    await runCommand(['ip', 'link', 'add', 'name', name, 'type', 'bridge']);
    try {
      await runCommand(['ip', 'link', 'set', 'dev', name, 'alias', 'patchlab:ring']);
      await runCommand(['ip', 'link', 'property', 'add', 'dev', name, 'altname', `${name}.long`]);
      const results = await checkRequirements(
        ['lo', name, `${name}.long`].map((arg) => ({ check: 'device-free', arg })),
      );
      expect(results.map(({ ok, remedy }) => [ok, remedy?.split(':')[0]])).toEqual([
        [false, 'rename it if it is yours'],
        [false, 'take down the lab that the alias names'],
        [false, 'take down the lab that the alias names'],
      ]);
    } finally {
      await runCommand(['ip', 'link', 'del', 'dev', name]);
    }
  });

  it.each(['memory', 'disk'])('warns of too little %s', async (name) => {
    const result = await check(name, String(2 ** 60));
    expect(result).toMatchObject({ ok: false, severity: 'warning' });
    expect(result.found).toContain('1048576 TiB needed');
  });

  it('warns that KVM could not be tried while there is no guest to boot', async () => {
    vi.stubEnv('PATCHLAB_CACHE', scratch);
    vi.stubEnv('PATCHLAB_ACCEL', 'auto');
    const result = await check('kvm').finally(() => vi.unstubAllEnvs());
    expect(result).toMatchObject({ ok: false, severity: 'warning' });
    expect(result.remedy).toBe('patchlab guest build mini');
  });

  it('warns of a guest image that is not built, and names the command that builds it', async () => {
    vi.stubEnv('PATCHLAB_CACHE', scratch);
    const result = await check('guest-image', 'mini').finally(() => vi.unstubAllEnvs());
    expect(result).toMatchObject({
      ok: false,
      severity: 'warning',
      found: 'The guest image `mini` is not built yet.',
      remedy: 'patchlab guest build mini',
    });
  });

  it('fails of a disk that is not there, is none, or may not be read by those who run it', async () => {
    const image = join(scratch, 'disk.img');
    const remedyOf = async (path = image) => {
      const { ok, remedy } = await check('disk-image', path);
      return ok ? 'good' : remedy;
    };
    expect(await remedyOf(`${image}.gone`)).toBe('write the path of a disk image at `disk`');
    await writeFile(image, 'no image');
    expect(await remedyOf()).toBe(`qemu-img info ${image}`);
    const bytes = Buffer.alloc(4096);
    bytes.writeUInt16LE(0xaa55, 510);
    await writeFile(image, bytes, { mode: 0o644 });
    await chmod(scratch, 0o755);
    expect(await remedyOf()).toBe('good');
    await chmod(image, 0o600);
    expect(await remedyOf()).toMatch(/^chmod o\+r /);
  });

  it('fails whatever needs root for another user', async () => {
    const requirements = [
      { check: 'root' },
      { check: 'netns' },
      { check: 'kernel-kind', arg: 'veth' },
      { check: 'ovs' },
    ];
    // The folder of the project may be closed to others.
    const folder = process.cwd();
    process.chdir('/');
    process.seteuid!('nobody');
    const results = await checkRequirements(requirements).finally(() => {
      process.seteuid!(0);
      process.chdir(folder);
    });
    expect(results.map((result) => [labelOf(result), result.ok])).toEqual(
      requirements.map((requirement) => [labelOf(requirement), false]),
    );
    for (const { remedy } of results) expect(remedy).toContain('root');
    await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
  });
});

describe('a run of checks', () => {
  it('checks each thing once, in the given order, and adds memory up', async () => {
    const seen: string[] = [];
    const results = await checkRequirements(
      [
        { check: 'memory', arg: '1048576' },
        { check: 'root' },
        { check: 'command', arg: 'ip' },
        { check: 'root' },
        { check: 'memory', arg: '1048576' },
      ],
      { onResult: (result) => seen.push(labelOf(result)) },
    );
    expect(results.map(labelOf)).toEqual(['memory:2097152', 'root', 'command:ip']);
    expect([...seen].sort()).toEqual(results.map(labelOf).sort());
  });

  it('refuses a check that does not exist before it runs any', async () => {
    const seen: CheckResult[] = [];
    const requirements = [{ check: 'root' }, { check: 'no-such-check' }];
    const onResult = (result: CheckResult) => seen.push(result);
    await expect(checkRequirements(requirements, { onResult })).rejects.toThrow(TypeError);
    expect(seen).toEqual([]);
  });

  it('raises every lack at once with its remedy, and no warning', async () => {
    await expect(
      requireHost([
        { check: 'root' },
        { check: 'command', arg: 'no-such-program' },
        { check: 'memory', arg: String(2 ** 60) },
        { check: 'kernel-kind', arg: 'patchcord' },
      ]),
    ).rejects.toMatchObject({
      code: 'host/lacks',
      exitCode: 4,
      what: expect.stringContaining('lacks 2 things') as string,
      why: expect.stringMatching(
        /^command:no-such-program: .*\nkernel-kind:patchcord: .*$/,
      ) as string,
      others: { length: 2 },
    });
  });

  it('finds its programs where PATH says', async () => {
    for (const name of ['ip', 'unshare']) {
      const [path] = await lines('which', name);
      await symlink(path!, join(scratch, name));
    }
    expect(await check('kernel-kind', 'veth', { PATH: scratch })).toMatchObject({ ok: true });
  });

  it('removes what a killed run left, and nothing that a living one has', async () => {
    const ended = execa('true');
    await ended;
    const [dead, alive] = [scratchBridge(ended.pid!), scratchBridge(1)];
    const mark = 'external_ids:patchlab=doctor';
    for (const name of [dead, alive]) {
      const settings = ['--', 'set', 'bridge', name, 'datapath_type=netdev', mark];
      await runCommand(['ovs-vsctl', '--timeout=5', 'add-br', name, ...settings]);
    }
    try {
      expect(await check('ovs')).toMatchObject({ ok: true });
      const bridges = await lines('ovs-vsctl', 'list-br');
      expect(bridges).toContain(alive);
      expect(bridges).not.toContain(dead);
    } finally {
      for (const name of [dead, alive])
        await runCommand(['ovs-vsctl', '--timeout=5', '--if-exists', 'del-br', name]);
    }
  });

  it('leaves nothing behind when it is aborted anywhere in the middle', async () => {
    const requirements = [
      { check: 'netns' },
      { check: 'ovs' },
      { check: 'libvirt' },
      ...['veth', 'bridge', 'macvtap', 'macvlan', 'vxlan', 'tap'].map((arg) => ({
        check: 'kernel-kind',
        arg,
      })),
    ];
    // After each result but the last, others are under way or have not begun.
    for (let count = 1; count < requirements.length; count += 1) {
      const abort = new AbortController();
      const reason = new Error(`enough after ${count}`);
      let left = count;
      const onResult = () => {
        left -= 1;
        if (left === 0) abort.abort(reason);
      };
      const run = checkRequirements(requirements, { signal: abort.signal, onResult });
      await expect(run).rejects.toBe(reason);
      await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
    }
    // Long before the first result and in the middle of any.
    for (let ms = 0; ms <= 30; ms += 2) {
      const signal = AbortSignal.timeout(ms);
      const [end] = await Promise.allSettled([checkRequirements(requirements, { signal })]);
      if (end.status === 'rejected') expect(end.reason).toBe(signal.reason);
      await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
    }
  });

  it('carries out the whole list of the doctor', async () => {
    const seen: CheckResult[] = [];
    const results = await doctorAll({ onResult: (result) => seen.push(result) });
    expect(seen).toHaveLength(results.length);
    const of = (label: string) => results.find((result) => labelOf(result) === label);
    expect(of('root')).toMatchObject({ ok: true, severity: 'error' });
    expect(of('kernel-kind:veth')).toMatchObject({ ok: true, severity: 'error' });
    // Only labs with a bond need one.
    expect(of('kernel-kind:bond')).toMatchObject({ severity: 'warning' });
    for (const result of results.filter(({ ok }) => !ok)) expect(result.remedy).toMatch(/\S/);
    await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
  });
});

describe('Ctrl-C on a terminal', () => {
  it('does not end in the middle what has to go to its end', async () => {
    const ip = join(scratch, 'ip');
    const [real] = await lines('which', 'ip');
    // Holds what makes a namespace until Ctrl-C was pressed.
    await writeFile(
      ip,
      `#!/bin/sh
[ "$*" = '-batch -' ] || exec ${real} "$@"
cd ${scratch}
# Others of its kind run beside it.
given=given.$$
cat >"$given"
case "$(cat "$given")" in 'netns add'*)
  mkfifo go
  touch begun
  read -r _ <go
  touch ended ;;
esac
exec ${real} "$@" <"$given"
`,
    );
    await chmod(ip, 0o755);
    const env = { PATH: `${scratch}:${process.env.PATH ?? ''}` };
    const doctor = `${join(root, 'bin/patchlab')} doctor`;
    const terminal = execa('script', ['-qec', doctor, '/dev/null'], {
      ...{ reject: false, stdin: 'pipe', env },
    });
    const made = () => readdir(scratch);
    await expect.poll(made, { timeout: 30_000 }).toContain('begun');
    terminal.stdin.write('\x03');
    await untilSaid(terminal, '^C');
    await Promise.race([terminal, writeFile(join(scratch, 'go'), '\n')]);
    await terminal;
    expect(await made()).toContain('ended');
    await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
  });
});
