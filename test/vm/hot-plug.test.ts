import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHosts, type LabHosts } from '../../src/apply/hosts/index.js';
import { nameNic } from '../../src/apply/name-nic.js';
import { detachNic } from '../../src/apply/plug-nic.js';
import { applySteps, libvirtExecutors } from '../../src/apply/run.js';
import type { Attachment } from '../../src/links/define.js';
import { canPlugHot, nicXml } from '../../src/nodes/nic-xml.js';
import { LOCAL, type Command, type Where } from '../../src/plan/step.js';
import { commandLine } from '../../src/plan/tools/index.js';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  topologyFile,
} from '../support/cli.js';

/** NICs of guests that run, plugged in and unplugged. The devices that they are plugged into are the test's own. */

const LAB = 'plug';
const DOMAIN = `${LAB}.a`;
const GUEST: Where = { machine: 'local', inside: 'a' };
const FILE = `name: ${LAB}
nodes:
  a: { kind: vm, addresses: { eth1: 10.9.0.2/24 } }
  n: { kind: netns, addresses: { eth1: 10.9.0.1/24 } }
links: [{ kind: bridge, ends: [a:eth1, n:eth1] }]
`;

interface Nic {
  readonly mac: string;
  readonly attachment: Attachment;
}
const tapNic = (device: string, octet: number): Nic => ({
  mac: `02:00:00:00:09:${octet.toString(16).padStart(2, '0')}`,
  attachment: { via: 'tap', device, offload: true },
});
const TAP = tapNic('ptap', 1);
const MACVTAP: Nic = {
  mac: '02:00:00:00:09:02',
  attachment: {
    ...{ via: 'macvtap', device: 'pmvt', lower: 'pve', mode: 'passthru' },
    trustGuestRxFilters: false,
  },
};
const UDP: Nic = {
  mac: '02:00:00:00:09:03',
  attachment: { via: 'udp', localPort: 7000, remotePort: 7001 },
};

const folder = scratchFolder();
const never = new AbortController().signal;
let before: string;
let hosts: LabHosts;

const xmlOf = ({ mac, attachment }: Nic): string =>
  nicXml({ ref: 'a:x', node: 'a', name: 'x', mac, mtu: undefined }, attachment);
const attach = (nic: Nic): Command => ({ tool: 'attach-nic', domain: DOMAIN, xml: xmlOf(nic) });
const detach = ({ mac }: Pick<Nic, 'mac'>): Command => ({
  tool: 'detach-nic',
  domain: DOMAIN,
  mac,
});
const nameIt = ({ mac }: Pick<Nic, 'mac'>, name: string): Command => ({
  tool: 'name-nic',
  mac,
  name,
});

/** Run commands one after the other, as steps of a plan. */
const apply = (...commands: readonly Command[]): Promise<void> =>
  applySteps(
    LAB,
    commands.map((command, n) => ({
      ...{ id: `step ${n}`, stage: 'inside', lane: 'a', do: command, why: command.tool },
      where: command.tool === 'name-nic' ? GUEST : LOCAL,
    })),
    {
      ...{ hosts, executors: libvirtExecutors(hosts) },
      journal: { begin: () => Promise.resolve(), done: () => Promise.resolve() },
    },
  );

const inside = async (script: string): Promise<string> => {
  const result = await hosts.at(GUEST).run({ argv: ['sh', '-c', script] });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result.stdout.trim();
};

/** Name and address of each device that the guest's kernel shows. */
const devicesInside = async (): Promise<Record<string, string>> => {
  const devices = JSON.parse(await inside('ip -j link')) as { ifname: string; address: string }[];
  return Object.fromEntries(devices.map(({ ifname, address }) => [ifname, address]));
};

/** Addresses of the NICs that the domain has. */
const nicsOutside = async (): Promise<string[]> =>
  Array.from(
    ((await hosts.libvirt.xml(DOMAIN)) ?? '').matchAll(/<mac address='(.*?)'/g),
    ([, mac = '']) => mac,
  );

const devicesOutside = async (): Promise<string> => (await execa('ip', ['-br', 'link'])).stdout;

/** Replies to three pings over a device of the host. */
const ping = async (address: string, ...netns: string[]): Promise<string> => {
  const argv = [...netns, 'ping', '-c', '3', '-i', '0.2', '-W', '10', address];
  const [program = '', ...args] = argv;
  return (await execa(program, args, { reject: false })).stdout;
};

const ip = (...words: readonly string[]) => execa('ip', words.join(' ').split(' '));

describe.each([
  ['warm', []],
  ['cold', ['--cold']],
])('a guest that started %s', (start, flags) => {
  let own: string;
  let devices: Record<string, string>;
  let boot: string;

  beforeAll(async () => {
    before = await hostSnapshot();
    await ip('tuntap add dev ptap mode tap');
    await ip('addr add 10.9.1.1/24 dev ptap');
    await ip('link set dev ptap up');
    await ip('link add pve type veth peer name pvf');
    await ip('addr add 10.9.2.1/24 dev pvf');
    await ip('link set dev pve up');
    await ip('link set dev pvf up');
    const file = await topologyFile(folder, 'plug.yaml', FILE);
    const { exitCode, result } = await cliJson('up', file, ...flags);
    expect(exitCode).toBe(0);
    expect(result.guests).toMatchObject([{ node: 'a', start }]);
    hosts = openHosts({ domains: [{ node: 'a', name: DOMAIN, uuid: '', xml: '' }] });
    [own = ''] = await nicsOutside();
    devices = await devicesInside();
    boot = await inside('cat /proc/sys/kernel/random/boot_id');
  });
  afterAll(async () => {
    await hosts.close();
    await cli(['down', '--all']);
  });

  it.each([1, 2])('gets a tap and a macvtap, and loses them: time %i', async () => {
    // The kernel calls them eth0 and eth2: each name is in the way of the other.
    await apply(attach(TAP), attach(MACVTAP), nameIt(MACVTAP, 'eth0'), nameIt(TAP, 'eth2'));
    expect(await devicesInside()).toEqual({ ...devices, eth0: MACVTAP.mac, eth2: TAP.mac });
    expect(await nicsOutside()).toEqual([own, TAP.mac, MACVTAP.mac]);

    await ip('link set dev pve up');
    await inside('ip addr add 10.9.1.2/24 dev eth2; ip link set eth2 up');
    await inside('ip addr add 10.9.2.2/24 dev eth0; ip link set eth0 up');
    for (const address of ['10.9.1.2', '10.9.2.2'])
      expect(await ping(address)).toContain('3 received');

    await apply(detach(TAP), detach(MACVTAP));
    expect(await devicesInside()).toEqual(devices);
    expect(await nicsOutside()).toEqual([own]);
    expect(await devicesOutside()).not.toContain('pmvt');
    expect(await devicesOutside()).toContain('ptap');
    // What is gone already is fine.
    await apply(detach(TAP));

    expect(await ping('10.9.0.2', 'ip', 'netns', 'exec', `${LAB}.n`)).toContain('3 received');
    expect(await inside('cat /proc/sys/kernel/random/boot_id')).toBe(boot);
  });

  it('gets the NIC replaced that it was started with, also while it is used', async () => {
    await inside('ip link add br0 type bridge; ip link set eth1 master br0');
    await inside('tcpdump -p -i eth1 -w /dev/null >/dev/null 2>&1 &');
    await apply(detach({ mac: own }), attach({ ...TAP, mac: own }), nameIt({ mac: own }, 'eth1'));
    const { br0, ...others } = await devicesInside();
    expect(br0).toBeDefined();
    expect(others).toEqual(devices);
    expect(await inside('ip -br addr show eth1')).not.toContain('10.9.0.2');
    expect(await inside('ip -br link show master br0')).toBe('');
    await inside('ip link del br0; ip addr add 10.9.1.2/24 dev eth1; ip link set eth1 up');
    expect(await ping('10.9.1.2')).toContain('3 received');
    await apply(detach({ mac: own }));
  });

  it('does by hand what the scripts say', async () => {
    for (const [where, command] of [
      [LOCAL, attach(TAP)],
      [GUEST, nameIt(TAP, 'port7')],
      [LOCAL, detach(TAP)],
    ] as const) {
      const call = commandLine(command.tool, [command]);
      const done = async () => (await hosts.at(where).run(call)).exitCode;
      // A script does not wait until the guest has found the NIC.
      await expect.poll(done, { timeout: 30_000 }).toBe(0);
      expect('port7' in (await devicesInside())).toBe(where === GUEST);
    }
    expect(await nicsOutside()).not.toContain(TAP.mac);
  });

  it('leaves nothing on the host', async () => {
    await ip('link del ptap');
    await ip('link del pve');
    expect((await cli(['down', LAB])).exitCode).toBe(0);
    await expectHostAsBefore(before);
  });
});

describe('a guest', () => {
  beforeAll(async () => {
    before = await hostSnapshot();
    const file = await topologyFile(
      folder,
      'none.yaml',
      `name: ${LAB}\nnodes: { a: { kind: vm } }\nlinks: []\n`,
    );
    expect((await cli(['up', file])).exitCode).toBe(0);
    hosts = openHosts({ domains: [{ node: 'a', name: DOMAIN, uuid: '', xml: '' }] });
  });
  afterAll(async () => {
    await hosts.close();
    await cli(['down', '--all']);
  });

  it('that does not let go of a NIC is told, and what becomes of the NIC once it does', async () => {
    await ip('tuntap add dev ptap mode tap');
    await apply(attach(TAP), nameIt(TAP, 'eth1'));
    await execa('virsh', ['-q', '-c', hosts.libvirt.uri, 'suspend', DOMAIN]);
    await expect(detachNic(hosts, detach(TAP) as never, never, 1000)).rejects.toMatchObject({
      code: 'guest/nic',
      what: `The guest of domain \`${DOMAIN}\` does not let go of its NIC ${TAP.mac}.`,
      why: expect.stringContaining('The domain is paused.') as string,
    });
    expect(await nicsOutside()).toEqual([TAP.mac]);
    await execa('virsh', ['-q', '-c', hosts.libvirt.uri, 'resume', DOMAIN]);
    await apply(detach(TAP));
    expect(await nicsOutside()).toEqual([]);
    expect(Object.keys(await devicesInside())).toEqual(['lo']);
    await ip('link del ptap');
  });

  it('in which a NIC cannot get its name is told', async () => {
    await ip('tuntap add dev ptap mode tap');
    await apply(attach(TAP), nameIt(TAP, 'eth1'));
    await inside('ip link add br7 type bridge');
    await expect(apply(nameIt(TAP, 'br7'))).rejects.toMatchObject({
      code: 'guest/nic',
      why: expect.stringContaining('the guest has another device of this name') as string,
    });
    await apply(detach(TAP));
    const late = nameNic(hosts, GUEST, nameIt(TAP, 'eth1') as never, never, 500);
    await expect(late).rejects.toMatchObject({
      code: 'guest/nic',
      what: `NIC ${TAP.mac} did not become \`eth1\` in guest a within 0.5 s.`,
    });
    await inside('ip link del br7');
    await ip('link del ptap');
  });

  it('takes the NICs that libvirt can plug in, until no slot is left', async () => {
    expect(canPlugHot(UDP.attachment)).toBe(false);
    await expect(apply(attach(UDP))).rejects.toMatchObject({
      why: expect.stringContaining('not implemented') as string,
    });
    const nics = Array.from({ length: 32 }, (_, n) => tapNic(`ptap${n}`, n + 16));
    const plugged: Nic[] = [];
    let refusal: unknown;
    for (const [n, nic] of nics.entries()) {
      await ip(`tuntap add dev ptap${n} mode tap`);
      refusal = await apply(attach(nic)).catch((error: unknown) => error);
      if (refusal !== undefined) break;
      plugged.push(nic);
    }
    expect(refusal).toMatchObject({
      why: expect.stringContaining('No more available PCI slots') as string,
    });
    // As many as a node may have ports.
    expect(plugged.length).toBeGreaterThanOrEqual(20);
    await apply(...plugged.map((nic, n) => nameIt(nic, `port${n}`)));
    expect(await devicesInside()).toEqual({
      lo: '00:00:00:00:00:00',
      ...Object.fromEntries(plugged.map(({ mac }, n) => [`port${n}`, mac])),
    });
    await apply(...plugged.map(detach));
    expect(Object.keys(await devicesInside())).toEqual(['lo']);
    for (const n of [...plugged.keys(), plugged.length]) await ip(`link del ptap${n}`);
  });

  it('leaves nothing on the host', async () => {
    expect((await cli(['down', LAB])).exitCode).toBe(0);
    await expectHostAsBefore(before);
  });
});
