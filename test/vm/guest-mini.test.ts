import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitAgent } from '../../src/apply/await-agent.js';
import { openHosts, type LabHosts } from '../../src/apply/hosts/index.js';
import { ensureGuest } from '../../src/guests/cache.js';
import { macAddress, uuid } from '../../src/plan/names.js';

/** The image mini, booted once by libvirt under emulation: what a node of a lab finds in it. */
const lab = `gm${process.pid.toString(36)}`;
const name = `${lab}.sw1`;
const id = uuid(lab, 'sw1');
/** Ports by NIC, in the order of the domain. The first two are named crosswise, so that no NIC can take its name at once. */
const PORTS = ['eth1', 'eth0', 'uplink.7'] as const;
const macs = PORTS.map((port) => macAddress(lab, port));

let hosts: LabHosts;

const run = async (...argv: string[]) =>
  hosts.at({ machine: 'local', inside: 'sw1' }).run({ argv, timeout: 120_000 });
const output = async (...argv: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await run(...argv);
  expect({ argv, exitCode, stderr }).toEqual({ argv, exitCode: 0, stderr: '' });
  return stdout.trim();
};

const LLDP_GROUP = '01:80:c2:00:00:0e';

/** The first frame that passes a filter at eth0 while a script sends at eth1, the other end of its cable. */
const capture = (filter: string, send: string): Promise<string> =>
  output(
    'sh',
    '-c',
    `: >/tmp/notes
timeout 20 tcpdump -p -U -c 1 -n -e -i eth0 ${filter} >/tmp/frames 2>/tmp/notes & tcpdump=$!
until grep -q listening /tmp/notes; do kill -0 $tcpdump || exit 9; done
${send}
wait $tcpdump; cat /tmp/frames; rm /tmp/frames /tmp/notes`,
  );

/** Ports of this machine that nobody listens at. */
async function freePorts(count: number): Promise<readonly number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4').bind(0, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'listening')));
  const ports = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((socket) => once(socket.close(), 'close')));
  return ports;
}

/** The first two NICs are the ends of one cable; the third has its cable plugged into itself. */
async function domainXml(): Promise<string> {
  const image = await ensureGuest('mini');
  const udp = await freePorts(PORTS.length);
  const address = (slot: number) => `<address type='pci' domain='0' bus='0' slot='${slot}'/>`;
  const interfaces = macs.map((mac, index) => {
    const remote = udp[[1, 0, 2][index] ?? 0];
    return `<interface type='udp'><mac address='${mac}'/><source address='127.0.0.1' port='${remote}'>
<local address='127.0.0.1' port='${udp[index]}'/></source><model type='virtio'/>${address(index + 2)}</interface>`;
  });
  const nics = PORTS.map((port, index) => `${macs[index]}=${port}`).join(',');
  const args = [...image.kernelArgs, 'patchlab.hostname=sw1', `patchlab.nics=${nics}`];
  return `<domain type='qemu'><name>${name}</name><uuid>${id}</uuid>
<memory unit='MiB'>256</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='q35'>hvm</type>
<kernel>${image.kernel}</kernel><initrd>${image.initrd}</initrd><cmdline>${args.join(' ')}</cmdline></os>
<features><acpi/></features><on_poweroff>destroy</on_poweroff><on_reboot>destroy</on_reboot><devices>
<controller type='usb' model='none'/><controller type='virtio-serial' index='0'>${address(1)}</controller>
${interfaces.join('\n')}<serial type='pty'/><memballoon model='none'/>
<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
<rng model='virtio'><backend model='random'>/dev/urandom</backend>${address(30)}</rng>
</devices></domain>`;
}

beforeAll(async () => {
  const xml = await domainXml();
  hosts = openHosts({ domains: [{ node: 'sw1', name, uuid: id, xml }] });
  await hosts.libvirt.create(xml);
  await awaitAgent(hosts, name, new AbortController().signal, 180_000);
});

afterAll(async () => {
  await hosts.libvirt.destroy(id);
  await hosts.close();
  await rm(`/var/log/libvirt/qemu/${name}.log`, { force: true });
});

describe('the guest', () => {
  it('has the name of its node', async () => {
    expect(await output('hostname')).toBe('sw1');
  });

  it('has a machine id of its own', async () => {
    expect(await output('cat', '/etc/machine-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('has each port at the NIC that is meant, and all of them up', async () => {
    const links = JSON.parse(await output('ip', '-j', 'link')) as {
      ifname: string;
      address: string;
      flags: string[];
    }[];
    const seen = links.map(({ ifname, address, flags }) => [ifname, address, flags.includes('UP')]);
    const nics = PORTS.map((port, index) => [port, macs[index], true]);
    expect(seen.sort()).toEqual([['lo', '00:00:00:00:00:00', true], ...nics].sort());
  });

  it('has a root that only root may write to, and the folder that ladvd changes its root to', async () => {
    expect(await output('stat', '-c', '%a %U %n', '/', '/var/run/ladvd/')).toBe(
      '755 root /\n755 root /var/run/ladvd/',
    );
  });

  it('has interrupts by message for its NICs', async () => {
    expect(await output('grep', '-c', 'MSI.*virtio', '/proc/interrupts')).not.toBe('0');
  });
});

describe('its programs', () => {
  it.each([
    ['ip -V', 'iproute2'],
    ['bridge -V', 'bridge utility'],
    ['tc -V', 'tc utility'],
    ['ping -V', 'iputils'],
    ['arping -V', 'iputils'],
    ['ethtool --version', 'ethtool version'],
    ['tcpdump --version', 'libpcap version'],
    ['qemu-ga --version', 'QEMU Guest Agent'],
    ['timeout 5 echo done', 'done'],
    ['sysctl -n net.ipv6.conf.all.disable_ipv6', '0'],
  ])('%s', async (command, expected) => {
    const { exitCode, stdout, stderr } = await run(...command.split(' '));
    expect({ exitCode, said: stdout + stderr }).toEqual({
      exitCode: 0,
      said: expect.stringContaining(expected) as string,
    });
  });

  it.each(['ladvd', 'ladvdc'])('%s is linked with all its libraries', async (program) => {
    const { stderr } = await run(program, '-h');
    expect(stderr).toContain(`Usage: ${program} `);
  });

  it('ladvd sends from one NIC, and a NIC that has joined the group receives it', async () => {
    await output('ip', 'maddr', 'add', LLDP_GROUP, 'dev', 'eth0');
    const seen = await capture('ether proto 0x88cc', 'ladvd -f -o -L eth1 2>/dev/null');
    await output('ip', 'maddr', 'del', LLDP_GROUP, 'dev', 'eth0');
    expect(seen).toMatch(new RegExp(`${macs[0]} > ${LLDP_GROUP}, ethertype LLDP`));
  });

  // receive_filter() in QEMU's hw/net/virtio-net.c: the NIC drops them before the guest sees them.
  it('trafgen sends frames: a NIC without promisc takes no foreign unicast and no group it has not joined', async () => {
    const frames = [LLDP_GROUP, '02:aa:bb:cc:dd:ee', 'ff:ff:ff:ff:ff:ff'].map((destination) => {
      const bytes = [...destination.split(':'), '02', '00', '00', '00', '00', '09', '88', 'b5'];
      return `echo '{ ${bytes.map((byte) => `0x${byte}`).join(',')}, fill(0x41,46) }' >/tmp/frame
trafgen -c /tmp/frame -o eth1 -n 1 >/dev/null 2>&1`;
    });
    expect(await capture('ether proto 0x88b5', frames.join('\n'))).toContain(
      '02:00:00:00:00:09 > ff:ff:ff:ff:ff:ff',
    );
  });
});

describe('its kernel makes, with modules loaded when asked for,', () => {
  it.each([
    'bond',
    'team',
    'dummy',
    'bridge',
    'ifb',
    'nlmon',
    'veth',
    'vrf table 10',
    'vxlan id 1 dstport 4789',
    'geneve id 1 remote 192.0.2.1',
    'vlan id 5 @eth0',
    'macvlan mode bridge @eth0',
    'macvtap mode vepa @eth1',
    'ipvlan mode l2 @uplink.7',
  ])('a device %s', async (words) => {
    const [kind = '', lower] = words.split(' @');
    const device = `t-${kind.split(' ')[0]}`;
    const over = lower === undefined ? [] : ['link', lower];
    await output('ip', 'link', 'add', ...over, 'name', device, 'type', ...kind.split(' '));
    expect(await output('ip', '-d', 'link', 'show', device)).toContain(kind.split(' ')[0]);
  });

  it.each([
    'qdisc add dev lo root netem delay 1ms',
    'qdisc add dev eth0 clsact',
    'filter add dev eth0 ingress protocol all u32 match u32 0 0 action mirred egress redirect dev lo',
  ])('tc %s', async (words) => {
    await output('tc', ...words.split(' '));
  });
});

describe('the image', () => {
  it('may be read by the user that libvirt runs guests as', async () => {
    const { kernel, initrd } = await ensureGuest('mini');
    for (const file of [kernel, initrd]) expect((await stat(file)).mode & 0o777).toBe(0o644);
  });

  it('leaves free the names that kernels take for themselves', async () => {
    const names = { dummy0: 'dummy', ifb0: 'ifb', sit0: 'sit', tunl0: 'ipip', gre0: 'gre' };
    const ends = ['local', '10.9.0.1', 'remote', '10.9.0.2'];
    await output('ip', 'netns', 'add', 'free');
    for (const at of [[], ['-n', 'free']])
      for (const [device, type] of Object.entries({ ...names, gretap0: 'gretap' })) {
        const words = ['dummy', 'ifb'].includes(type) ? [] : ends;
        await output('ip', ...at, 'link', 'add', device, 'type', type, ...words);
        await output('ip', ...at, 'link', 'del', device);
      }
    expect(await output('ip', '-n', 'free', '-br', 'link')).toMatch(/^lo\s[^\n]*$/);
    await output('ip', 'netns', 'del', 'free');
  });
});
