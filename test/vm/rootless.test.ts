import { chmodSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { cli, hostSnapshot } from '../support/cli.js';
import { ordinaryUser } from '../support/ordinary-user.js';

/** Guests of a user who is not root: a lab with them is as any other, and nothing of it is on the host, nor left. */

const user = ordinaryUser();

/** A guest reached by each way that needs no root, and a namespace beside them. */
const labText = (address: string): string => `name: guests
nodes:
  sw1: { kind: vm, addresses: { eth1: 10.0.0.1/24, eth2: 10.0.1.1/24 } }
  sw2: { kind: vm, addresses: { eth1: 10.0.0.2/24, eth2: 10.0.1.2/24 } }
  pc: { kind: netns, addresses: { eth1: ${address} } }
links:
  - { kind: bridge, group_fwd_mask: 0xfffd, ends: [sw1:eth1, sw2:eth1, pc:eth1] }
  - { kind: udp, ends: [sw1:eth2, sw2:eth2] }
`;

beforeAll(() => {
  // As udev has it on a machine: here that is the private host's own node.
  chmodSync('/dev/net/tun', 0o666);
});
const before = user.leavesNothing();

describe('a lab with guests of a user who is not root', () => {
  it('is built, proved, traced, changed, restarted and removed', async () => {
    const file = user.fileOf('guests', labText('10.0.0.3/24'));
    await user.done('up', file);
    // Processes are seen by everybody, and are the user's.
    expect((await hostSnapshot()).replace(/^process qemu.*\n/gm, '')).toBe(before());
    const verdicts = await user.verdicts('guests');
    expect(verdicts.length).toBeGreaterThan(10);
    for (const verdict of verdicts) expect(verdict).toMatch(/^pass as predicted/);
    expect(await user.done('trace', 'sw1:eth1', 'sw2:eth1')).toContain('bridge');
    expect(await user.done('exec', 'sw1', '--', 'ping', '-c1', '-W5', '10.0.1.2')).toContain(
      '1 received',
    );
    expect((await user.run('exec', 'sw2', '--', 'sh', '-c', 'exit 7')).exitCode).toBe(7);
    const changed = await user.done('up', user.fileOf('guests', labText('10.0.0.4/24')));
    expect(changed).toContain('was changed in place');
    await user.done('restart', 'guests', 'sw2');
    expect(await user.done('status', 'guests')).not.toContain('not as it was built');
    // Nobody else knows of it: root has another libvirt.
    expect((await cli(['status', 'guests'])).exitCode).toBe(2);
    await user.done('down', 'guests');
  });

  it('is gone after Ctrl-C while its guests start, and after a kill and `down`', async () => {
    const file = user.fileOf('guests', labText('10.0.0.3/24'));
    const stopped = user.start('up', file, '--cold');
    await expect
      .poll(() => user.processes().join(), { timeout: 60_000 })
      .toContain('guest=guests.sw');
    stopped.kill('SIGINT');
    expect((await stopped).stderr).toContain('Ctrl-C');
    expect(user.processes()).toEqual([]);
    const killed = user.start('up', file, '--cold');
    await expect
      .poll(() => user.processes().join(), { timeout: 60_000 })
      .toContain('guest=guests.sw');
    killed.kill('SIGKILL');
    await killed;
    expect(await user.done('list')).toContain('partial');
    await user.done('down', 'guests');
  });

  it('holds a whole lab', async () => {
    await user.done('up', user.fileOf('namespace-cable'), '--in-guest', '--cold');
    for (const verdict of await user.verdicts('namespace-cable'))
      expect(verdict).toMatch(/^pass as predicted/);
    await user.done('down', 'namespace-cable');
  });
});

describe('what a user who is not root cannot have', () => {
  it('is a macvtap, with the reason and what to write instead, before anything is made', async () => {
    const { exitCode, stderr } = await user.run('up', user.fileOf('lldp-direct'));
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/lldp-direct\.yaml:\d+:\d+: /)]);
    expect(stderr).toContain('needs a macvtap for sw1:eth1 and a macvtap for sw2:eth1');
    expect(stderr).toMatch(/why: .*\/dev\/tapN.*\n {2}fix: write `kind: bridge`/);
  });

  it('is a tap where the node that makes them is closed', async () => {
    chmodSync('/dev/net/tun', 0o600);
    try {
      const { exitCode, stderr } = await user.run(
        'up',
        user.fileOf('guests', labText('10.0.0.3/24')),
      );
      expect([exitCode, stderr]).toEqual([
        4,
        expect.stringMatching(/device-nodes: .*\/dev\/net\/tun.*\n {2}fix: .*chmod 666/),
      ]);
    } finally {
      chmodSync('/dev/net/tun', 0o666);
    }
  });
});
