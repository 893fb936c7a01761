import { once } from 'node:events';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { expectHostAsBefore, hostSnapshot, root } from '../support/cli.js';

/** The hosts that test files run in: nothing goes in or out, and nothing stays. */

const program = join(root, 'scripts/private-host');

/** What a lab could leave: devices, namespaces, a switch, state. */
const MAKE = `ip link add e type veth peer name f
ip link add link e name m type macvtap
ip netns add inner
ovs-vsctl --no-wait add-br sw
touch /var/lib/patchlab/x /etc/libvirt/x "$TMPDIR/x"
`;

/** Processes that are in a network namespace. */
async function processesIn(namespace: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const networks = pids.map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => ''));
  return (await Promise.all(networks)).filter((network) => network === namespace);
}

it('are where test files run', async () => {
  expect(await readFile('/proc/1/cmdline', 'utf8')).toContain('scripts/private-host');
});

it('have daemons of their own, and give the exit code of the command', async () => {
  const before = await hostSnapshot();
  const script = `${MAKE} ip -o link; ovs-vsctl list-br; virsh -q -c qemu:///system uri; exit 7`;
  const { exitCode, stdout } = await execa(program, ['sh', '-c', script], { reject: false });
  expect([exitCode, stdout.split('\n').slice(-2)]).toEqual([7, ['sw', 'qemu:///system']]);
  expect(stdout.split('\n').filter((line) => line.startsWith('2:'))[0]).toContain('f@e');
  await expectHostAsBefore(before);
});

it('open the macvtap of their own where two have one of the same index', async () => {
  const script = `${MAKE}
node=$(ls /sys/class/net/m/macvtap) number=$(cat /sys/class/net/m/macvtap/*/dev)
until [ -c "/dev/$node" ]; do :; done
echo "$node $number $(stat -c %Hr:%Lr "/dev/$node")"; read -r _`;
  const hosts = [1, 2].map(() => execa(program, ['timeout', '60', 'bash', '-c', script]));
  const said = await Promise.all(
    hosts.map(async (host) => {
      const [line] = (await once(host.stdout, 'data')) as [Buffer];
      return line.toString().trim().split(' ');
    }),
  );
  for (const host of hosts) host.stdin.end('\n');
  await Promise.all(hosts);
  const [one, other] = said;
  expect(one?.[0]).toBe(other?.[0]);
  expect(one?.[1]).not.toBe(other?.[1]);
  for (const [, number, opened] of said) expect(opened).toBe(number);
});

it.each([
  { ends: 'itself', argv: [program] },
  { ends: 'its parent', argv: ['sh', '-c', '"$@" & wait', 'sh', program] },
])('leave nothing when $ends is killed', async ({ argv: [command = '', ...args] }) => {
  const before = await hostSnapshot();
  const script = `${MAKE} readlink /proc/self/ns/net; exec sleep 1000`;
  const host = execa(command, [...args, 'sh', '-c', script], { reject: false });
  const [line] = (await once(host.stdout, 'data')) as [Buffer];
  const namespace = line.toString().trim();
  expect(await processesIn(namespace)).not.toEqual([]);
  host.kill('SIGKILL');
  await expect.poll(() => processesIn(namespace), { timeout: 60_000 }).toEqual([]);
  await expectHostAsBefore(before);
});
