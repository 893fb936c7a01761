import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  scratchFolder,
  startCli,
  status,
  topologyFile,
  untilSaid,
} from '../support/cli.js';
import { arrivedIn, believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** Devices that have a file for programs (tun, tap, macvtap, ipvtap), netlink monitors and ifbs, in one guest: its kernel has them. */

const LAB = `name: hfi
nodes:
  g:
    kind: vm
    namespaces: [a, b, c]
    devices:
      - { kind: veth, name: a:eth1, peer: b:p1 }
      - { kind: tap, name: b:tap0, user: 5, group: 6, pi: true, vnet_hdr: true, multi_queue: true, mtu: 1400 }
      - { kind: bridge, name: b:br0, members: [b:p1, b:tap0] }
      - { kind: tun, name: b:tun0, mtu: 1300 }
      - { kind: veth, name: a:eth2, peer: b:lan }
      - { kind: macvtap, name: c:mvt, lower: b:lan, mode: bridge }
      - { kind: macvlan, name: c:mvl, lower: b:lan, mode: bridge }
      - { kind: veth, name: a:eth3, peer: b:lan2 }
      - { kind: ipvtap, name: c:ivt, lower: b:lan2, mode: l2 }
      - { kind: veth, name: a:eth4, peer: b:eth4 }
      - { kind: ifb, name: b:ifb0, from: [b:eth4], mtu: 1600 }
      - { kind: nlmon, name: a:nlmon0 }
    addresses:
      a:eth2: 10.0.2.1/24
      c:mvt: 10.0.2.2/24
      a:eth3: 10.0.3.1/24
      c:ivt: 10.0.3.2/24
      a:eth4: 10.0.4.1/24
      b:eth4: 10.0.4.2/24
links: []
`;

const PAIRS = [
  ['g/a:eth1', 'g/b:tap0'],
  ['g/a:eth2', 'g/c:mvt'],
  ['g/a:eth2', 'g/c:mvl'],
  ['g/c:mvt', 'g/c:mvl'],
  ['g/a:eth3', 'g/c:ivt'],
  ['g/a:eth4', 'g/b:eth4'],
] as const;

const PATIENCE = { timeout: 60_000, interval: 200 };

const folder = scratchFolder();
const inGuest = (at: string, script: string) => cli(['exec', at, '--', 'sh', '-c', script]);
const pinged = async (at: string, ip: string): Promise<boolean> =>
  (await inGuest(at, `ping -c1 -W1 ${ip}`)).exitCode === 0;

const lab = matrixLab(LAB, { pairs: PAIRS });

describe('the model of devices with a file, and of ifbs', () => {
  it('is what the kernel does with every class, device and direction', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it('carries nothing to or from a tap that no program has open', () => {
    expect(arrivedIn(lab.cells, 'g/a:eth1', 'g/b:tap0')).toEqual([]);
    expect(arrivedIn(lab.cells, 'g/b:tap0', 'g/a:eth1')).toEqual([]);
  });

  it('takes a macvtap that nobody has open for a macvlan', () => {
    expect(lostIn(lab.cells, 'g/c:mvt', 'g/a:eth2')).toEqual(
      lostIn(lab.cells, 'g/c:mvl', 'g/a:eth2'),
    );
    expect(arrivedIn(lab.cells, 'g/a:eth2', 'g/c:mvt')).toContain('unicast-own');
  });

  it('carries every class past an ifb', () => {
    expect(lostIn(lab.cells, 'g/a:eth4', 'g/b:eth4')).toEqual([]);
  });

  it('is contradicted when it believes that somebody has the tap open', () => {
    const open = believing(lab.cells, (hop) =>
      hop.device === 'tap0' ? { ...hop, kind: 'dummy' } : hop,
    );
    expect(open.flatMap(contradiction)).not.toEqual([]);
  });
});

describe('a macvtap', () => {
  it.each([
    ['mvt', '10.0.2.2'],
    ['ivt', '10.0.3.2'],
  ])('answers as long as nobody has its file open: %s', async (name, ip) => {
    expect(await pinged('g/a', ip)).toBe(true);
    const { stdout } = await inGuest('g/c', `cat /sys/class/net/${name}/ifindex; ls /dev`);
    const [index = ''] = stdout.split('\n');
    expect(stdout).toContain(`tap${index}\n`);
    const ping = `ip netns exec a ping -c1 -W1 ${ip} >/dev/null && echo answered || echo silent`;
    const held = await inGuest('g', `exec 3<>/dev/tap${index}; ${ping}; exec 3>&-; ${ping}`);
    expect(held.stdout.trim().split('\n')).toEqual(['silent', 'answered']);
  });
});

describe('an ifb', () => {
  it('shows what the other device receives, and what comes is lost while it is down', async () => {
    const running = startCli(['capture', 'hfi', 'g/b:ifb0', '-f', 'icmp', '--json', '-c', '1']);
    await untilSaid(running, '"event":"begin"');
    expect(await pinged('g/a', '10.0.4.2')).toBe(true);
    expect((await running).stdout).toContain('10.0.4.1');
    await inGuest('g/b', 'ip link set ifb0 down');
    expect(await pinged('g/a', '10.0.4.2')).toBe(false);
    await inGuest('g/b', 'ip link set ifb0 up');
    expect(await pinged('g/a', '10.0.4.2')).toBe(true);
  });
});

describe('a netlink monitor', () => {
  it('shows what ip and the kernel say to each other, as messages of netlink', async () => {
    const out = `${folder}/netlink.pcapng`;
    const running = startCli(['capture', 'hfi', 'g/a:nlmon0', '-c', '3', '-w', out]);
    await expect
      .poll(async () => {
        await inGuest('g/a', 'ip link show >/dev/null');
        return running.exitCode;
      }, PATIENCE)
      .toBe(0);
    await running;
    const bytes = await readFile(out);
    // LINKTYPE_NETLINK in the description of the interface, and the type of its header: ARPHRD_NETLINK.
    expect(bytes.includes(Buffer.from([1, 0, 0, 0]))).toBe(true);
    expect(bytes.includes(Buffer.from([253, 0, 0, 0, 0, 0, 0, 0]))).toBe(true);
    expect(bytes.includes(Buffer.from([0, 4, 3, 0x38]))).toBe(true);
  });
});

describe('these devices', () => {
  it('are read back as they were made, changed in place and mended', async () => {
    expect((await status('hfi')).drift).toEqual([]);
    await inGuest(
      'g/b',
      'tc qdisc del dev eth4 ingress; ip tuntap del dev tun0 mode tun; ip link set tap0 mtu 1234',
    );
    const { drift } = await status('hfi');
    expect(drift.map(({ id, how }) => [id, how])).toEqual(
      expect.arrayContaining([
        ['redirect g/b eth4', 'create'],
        ['tun g/b tun0', 'create'],
        ['tap g/b tap0', 'change'],
      ]),
    );
    expect((await cliJson('up', lab.file)).result.changes).toEqual(drift);
    expect((await status('hfi')).drift).toEqual([]);
    const other = LAB.replace('mtu: 1400', 'mtu: 1380').replace('user: 5', 'user: 7');
    const { result } = await cliJson('up', await topologyFile(folder, 'hfi.yaml', other));
    expect(result.changes).toContainEqual(
      expect.objectContaining({ id: 'tap g/b tap0', how: 'replace' }),
    );
    expect((await status('hfi')).drift).toEqual([]);
  });
});
