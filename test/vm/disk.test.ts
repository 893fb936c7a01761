import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, cliJson, root, scratchFolder } from '../support/cli.js';

/** Disks as users bring them: one of Debian with cloud-init and the agent, and one that has neither. */

const FOLDER = '/var/lib/libvirt/images';
const folder = scratchFolder();

let images: readonly string[] = [];

const sumOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const { uid, gid, mode, mtimeMs } = await stat(path);
  return [hash.digest('hex'), uid, gid, mode, mtimeMs].join(' ');
};
const sums = () => Promise.all(images.map(sumOf));
const inDeb = async (...argv: string[]): Promise<string> =>
  (await cli(['exec', 'deb', '--', ...argv])).stdout;

const lab = (deb: string, plain: string): string => `name: disks
nodes:
  deb:
    kind: vm
    disk: ${deb}
    memory: 512MiB
    ports: { eth1: { mtu: 1400 } }
    devices: [{ kind: vlan, name: eth1.10, lower: eth1, id: 10 }]
    addresses: { eth1: 10.0.0.1/24, eth1.10: 10.0.10.1/24 }
    routes: [{ to: 10.9.0.0/16, via: 10.0.0.2 }]
    sysctls: { net.ipv4.ip_forward: 1 }
    cloud_init:
      users: [{ name: ops, keys: ['ssh-ed25519 AAAAC3Nz ops'] }]
      user_data: { runcmd: [[touch, /var/ran]] }
  plain: { kind: vm, disk: ${plain}, cloud_init: false, agent: false, addresses: { eth1: 10.0.1.1/24 } }
  m:
    kind: vm
    devices: [{ kind: vlan, name: eth1.10, lower: eth1, id: 10 }]
    addresses: { eth1: 10.0.0.2/24, eth1.10: 10.0.10.2/24, eth2: 10.0.1.2/24 }
links:
  - { kind: macvtap, mode: vepa, allmulticast: true, ends: [deb:eth1, m:eth1] }
  - { kind: macvtap, mode: vepa, allmulticast: true, ends: [plain:eth1, m:eth2] }
verify:
  - { probe: lldp, from: deb:eth1, to: m:eth1 }
  - { probe: lldp, from: m:eth1, to: deb:eth1 }
  - { probe: arp, from: deb:eth1, to: m:eth1 }
  - { probe: arp, from: m:eth1, to: deb:eth1 }
  - { probe: icmp, from: deb:eth1, to: m:eth1 }
  - { probe: icmp, from: m:eth1.10, to: deb:eth1.10 }
  - { probe: arp, from: m:eth2, to: plain:eth1 }
  - { probe: icmp, from: m:eth2, to: plain:eth1 }
  - { probe: lldp, from: m:eth2, to: plain:eth1 }
  - { probe: lldp, from: plain:eth1, to: m:eth2 }
`;

beforeAll(async () => {
  const { stdout } = await execa(join(root, 'scripts/lib/debian-disk'));
  images = ['agent', 'plain'].map((name) => join(stdout, `${name}.qcow2`));
});
afterAll(() => cli(['down', '--all']));

describe('disks of the user', () => {
  let before: readonly string[] = [];

  it('boot, and are written to beside', async () => {
    before = await sums();
    const file = join(folder, 'disks.yaml');
    await writeFile(file, lab(images[0] ?? '', images[1] ?? ''));
    const up = await cli(['up', file]);
    expect(up.exitCode).toBe(0);
    expect((await readdir(FOLDER)).sort()).toEqual([
      'patchlab.disks.deb.qcow2',
      'patchlab.disks.deb.seed.iso',
      'patchlab.disks.plain.qcow2',
    ]);
  });

  it('are set up by cloud-init: name, user, addresses, MTU, VLAN, route; the rest by the agent', async () => {
    expect(await inDeb('hostname')).toBe('deb');
    const told = await inDeb('sh', '-c', 'getent passwd ops; cat ~ops/.ssh/authorized_keys');
    expect(told).toMatch(/^ops:.*:\/bin\/bash\n[^]*ssh-ed25519 AAAAC3Nz ops$/);
    const addresses = await inDeb('ip', '-4', '-br', 'addr');
    expect(addresses).toMatch(/^eth1 +UP +10\.0\.0\.1\/24 *$/m);
    expect(addresses).toMatch(/^eth1\.10@eth1 +UP +10\.0\.10\.1\/24 *$/m);
    expect(await inDeb('ip', '-d', 'link', 'show', 'eth1.10')).toMatch(
      /mtu 1400[^]*802\.1Q id 10 /,
    );
    // "static" is what systemd-networkd writes; what patchlab makes has another protocol.
    expect(await inDeb('ip', 'route', 'show', '10.9.0.0/16')).toContain(
      'via 10.0.0.2 dev eth1 proto static',
    );
    expect(await inDeb('sh', '-c', 'ls /var/ran; cat /proc/sys/net/ipv4/ip_forward')).toBe(
      '/var/ran\n1',
    );
  });

  it('are as they are wanted, so that nothing is set up twice', async () => {
    const { stdout } = await cli(['up', join(folder, 'disks.yaml')]);
    expect(stdout).toContain('nothing was changed');
  });

  it('are proved by LLDP, ARP and ICMP over a macvtap, as mini is; without an agent as far as is seen from outside', async () => {
    const { exitCode, result } = await cliJson('verify', 'disks');
    const outcomes = result.verdicts.map(({ outcome }) => outcome);
    expect(outcomes).toEqual([...Array<string>(8).fill('pass'), 'skipped', 'skipped']);
    expect(exitCode).toBe(0);
    const [into, from] = result.verdicts.slice(8);
    expect(into?.hops.map(({ label, seen }) => [label, seen])).toEqual([
      ['m:eth2', true],
      ['m:eth2 macvtap', true],
      ['m:eth2 veth', true],
      ['plain:eth1 veth', true],
      ['plain:eth1 macvtap', true],
      ['plain:eth1', null],
    ]);
    expect(into?.message).toMatch(
      /^The LLDP advertisement was seen as far as plain:eth1 macvtap; nobody can look inside plain: /,
    );
    expect(from?.message).toBe('Nothing can be sent from inside plain: it has no agent.');
  });

  it('go with the lab, and the images are as they were', async () => {
    expect((await cli(['down', 'disks'])).exitCode).toBe(0);
    expect(await readdir(FOLDER)).toEqual([]);
    expect(await sums()).toEqual(before);
  });
});
