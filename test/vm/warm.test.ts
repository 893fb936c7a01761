import { appendFile, chmod, mkdtemp, readFile, rm, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitAgent } from '../../src/apply/await-agent.js';
import { runCommand, tryCommand } from '../../src/apply/command.js';
import { openHosts, type LabHosts } from '../../src/apply/hosts/index.js';
import { chooseAccelerator } from '../../src/guests/accelerator.js';
import { cacheFolder, ensureGuest, type GuestImage } from '../../src/guests/cache.js';
import { giveIdentity } from '../../src/guests/identity.js';
import type { Shape } from '../../src/guests/shape.js';
import { startWarm } from '../../src/guests/start-warm.js';
import {
  ensureWarm,
  hypervisorVersions,
  isIntact,
  locateWarm,
  type WarmState,
} from '../../src/guests/warm.js';
import { domainXml } from '../../src/nodes/domain-xml.js';
import { deviceName, macAddress, uuid } from '../../src/plan/names.js';

const lab = `wrm-${process.pid.toString(36)}`;
const SIDES = [1, 2] as const;
const veth = (side: number) => deviceName('wv', lab, String(side));
const address = (side: number) => `10.98.0.${side}`;
const cacheBefore = process.env.PATCHLAB_CACHE;

const domains = SIDES.map((side) => ({
  node: `sw${side}`,
  name: `${lab}.sw${side}`,
  uuid: uuid(lab, `sw${side}`),
  mac: macAddress(lab, `sw${side}`),
  xml: '',
}));

let scratch: string;
let image: GuestImage;
let shape: Shape;
let state: WarmState;
let hosts: LabHosts;

const run = async (node: string, ...argv: string[]): Promise<string> =>
  (await hosts.at({ host: `guest:${node}` }).run({ argv, timeout: 20_000 })).stdout.trim();
const both = (...argv: string[]) => Promise.all(domains.map(({ node }) => run(node, ...argv)));

beforeAll(async () => {
  image = await ensureGuest('mini');
  const { accelerator } = await chooseAccelerator(image);
  scratch = await mkdtemp(join(tmpdir(), 'patchlab-warm-test-'));
  await chmod(scratch, 0o711);
  await symlink(join(cacheFolder(), 'guests'), join(scratch, 'guests'));
  process.env.PATCHLAB_CACHE = scratch;
  hosts = openHosts({ domains });
  shape = {
    image: image.sha256,
    kernelArgs: image.kernelArgs,
    accelerator,
    machine: 'q35',
    cpu: undefined,
    memoryMiB: 256,
    vcpus: 1,
    nics: 1,
    versions: await hypervisorVersions(),
  };
  state = await ensureWarm(shape, image);
  await runCommand(['ip', 'link', 'add', veth(1), 'type', 'veth', 'peer', 'name', veth(2)]);
  for (const side of SIDES) await runCommand(['ip', 'link', 'set', 'dev', veth(side), 'up']);
  await Promise.all(SIDES.map(start));
});

afterAll(async () => {
  for (const domain of domains) await hosts.libvirt.destroy(domain.uuid);
  await hosts.close();
  for (const { name } of domains) await rm(`/var/log/libvirt/qemu/${name}.log`, { force: true });
  await tryCommand(['ip', 'link', 'del', 'dev', veth(1)]);
  if (cacheBefore === undefined) delete process.env.PATCHLAB_CACHE;
  else process.env.PATCHLAB_CACHE = cacheBefore;
  await rm(scratch, { recursive: true });
});

async function start(side: number): Promise<void> {
  const domain = domains[side - 1];
  if (!domain) throw new RangeError(`no side ${side}`);
  const { node, name, mac } = domain;
  const ports = [{ ref: `${node}:eth1`, node, name: 'eth1', mac, mtu: undefined }];
  const none = { stacks: [], devices: [], addresses: [], routes: [], sysctls: [] };
  const spec = { guest: 'mini', memory: '256MiB', vcpus: 1, machine: shape.machine, agent: true };
  const xml = domainXml({
    node: { ...none, name: node, kind: 'vm', ports, spec },
    name,
    uuid: domain.uuid,
    lab,
    attachments: [
      {
        via: 'macvtap',
        device: deviceName('wm', lab, String(side)),
        lower: veth(side),
        mode: 'passthru',
        trustGuestRxFilters: false,
      },
    ],
    facts: {
      accelerator: shape.accelerator,
      ovsDatapath: 'netdev',
      guests: { [image.name]: image },
    },
  });
  await startWarm({ name, xml }, state, hosts.libvirt);
  await awaitAgent(hosts, name, new AbortController().signal);
  await giveIdentity(hosts.at({ host: `guest:${node}` }), {
    hostname: node,
    uuid: domain.uuid,
    nics: [{ mac, name: 'eth1' }],
  });
}

describe('two guests from one stored state', () => {
  it('have names, machine ids and addresses of their own', async () => {
    expect(await both('cat', '/proc/sys/kernel/hostname')).toEqual(['sw1', 'sw2']);
    expect(await both('cat', '/etc/machine-id')).toEqual(
      domains.map((domain) => domain.uuid.replaceAll('-', '')),
    );
    expect(await both('cat', '/sys/class/net/eth1/address')).toEqual(domains.map(({ mac }) => mac));
  });

  it('draw different random numbers, and name devices by them differently', async () => {
    const [a, b] = await both('sh', '-c', 'head -c 16 /dev/urandom | od -An -tx1');
    expect(a).toMatch(/^[0-9a-f ]{47}$/);
    expect(b).not.toBe(a);
    await both('ip', 'link', 'add', 'd0', 'type', 'dummy');
    const [c, d] = await both('cat', '/sys/class/net/d0/address');
    expect(c).toMatch(/^[0-9a-f:]{17}$/);
    expect(d).not.toBe(c);
  });

  it('know the time', async () => {
    for (const said of await both('date', '+%s'))
      expect(Math.abs(Number(said) - Date.now() / 1000)).toBeLessThan(5);
  });

  it('are running for libvirt, and reach each other through their cards', async () => {
    for (const { name } of domains) expect(await hosts.libvirt.state(name)).toBe('running');
    for (const side of SIDES)
      await run(`sw${side}`, 'ip', 'addr', 'add', `${address(side)}/24`, 'dev', 'eth1');
    const said = await run('sw1', 'ping', '-c', '2', '-i', '0.2', '-W', '5', address(2));
    expect(said).toContain('2 packets transmitted, 2 received');
    const large = await run('sw2', 'ping', '-c', '1', '-s', '9000', '-W', '5', address(1));
    expect(large).toContain('1 received');
  });

  it('leave the stored state as it is', async () => {
    expect(await isIntact(state)).toBe(true);
    expect(await locateWarm(shape)).toEqual(state);
  });
});

describe('locateWarm', () => {
  it('finds nothing for another shape', async () => {
    expect(await locateWarm({ ...shape, nics: 2 })).toBeUndefined();
  });

  it('refuses a state that was written to, in size or in time', async () => {
    const before = await readFile(join(scratch, 'warm', state.key, 'manifest.json'), 'utf8');
    const changed = (JSON.parse(before) as { files: { devices: { changed: number } } }).files
      .devices.changed;
    await utimes(state.devices, new Date(), new Date(changed - 60_000));
    expect(await locateWarm(shape)).toBeUndefined();
    await appendFile(state.devices, 'x');
    expect(await locateWarm(shape)).toBeUndefined();
    expect(await isIntact(state)).toBe(false);
  });
});
