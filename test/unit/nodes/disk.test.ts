import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../src/apply/disk-formats.js';
import { merged } from '../../../src/nodes/cloud-init-fields.js';
import { difference } from '../../../src/plan/resources/difference.js';
import { stepsOf } from '../../../src/plan/resources/steps.js';
import { planLab } from '../../../src/plan/plan.js';
import type { Plan } from '../../../src/plan/step.js';
import { FACTS, labOf } from '../../support/lab-of.js';

const DEFINED = {
  ...{ kind: 'vm', disk: '/images/debian.img' },
  namespaces: ['c1'],
  ports: { eth1: { mac: '02:00:00:00:00:01', mtu: 1400 }, eth2: { mac: '02:00:00:00:00:02' } },
  devices: [
    { kind: 'vlan', name: 'eth1.10', lower: 'eth1', id: 10 },
    { kind: 'vlan', name: 'outer', lower: 'eth1', id: 20, protocol: '802.1ad' },
    { kind: 'bridge', name: 'br0', members: ['eth2'] },
    { kind: 'veth', name: 'up', peer: 'c1:eth0' },
  ],
  addresses: {
    eth1: ['10.0.0.1/24', 'fd00::1/64'],
    'eth1.10': '10.0.10.1/24',
    outer: '10.0.20.1/24',
    br0: '10.0.30.1/24',
    'c1:eth0': '10.0.40.1/24',
  },
  routes: [
    { to: 'default', via: '10.0.0.2' },
    { to: '10.9.0.0/16', via: '10.0.0.2', metric: 7, table: 100 },
    { to: '10.8.0.0/16', type: 'blackhole' },
  ],
} as const;

const planned = (more: object = {}, rest: object = {}): Plan =>
  planLab(
    labOf({
      name: 'lab',
      nodes: { a: { ...DEFINED, ...more, ...rest }, b: { kind: 'vm' } },
      links: [
        { kind: 'macvtap', ends: ['a:eth1', 'b:eth1'] },
        { kind: 'bridge', ends: ['a:eth2', 'b:eth2'] },
      ],
      verify: [],
    } as never),
    FACTS,
  );

const wantedOf = (plan: Plan, id: string): never =>
  plan.resources.find((one) => one.id === id)?.wanted as never;

const filesOf = (plan: Plan): Record<string, string> =>
  (wantedOf(plan, 'seed a') as { files: Record<string, string> }).files;

const seedOf = (plan: Plan, file: string): unknown =>
  JSON.parse((filesOf(plan)[file] ?? '').replace('#cloud-config\n', ''));

const inside = (plan: Plan): readonly string[] =>
  stepsOf(plan.resources).flatMap((step) =>
    step.where.inside === 'a' && step.do.tool === 'ip' ? [step.do.args.join(' ')] : [],
  );

const flat = (xml = ''): string => xml.replaceAll(/\s*\n\s*/g, '');

describe('a disk of the user', () => {
  it('is under an overlay of its own, which goes with the lab, and keeps its owner', () => {
    const plan = planned();
    expect(flat(plan.domains[0]?.xml)).toContain(
      '<disk type="file" device="disk"><driver name="qemu" type="qcow2"/>' +
        '<source file="/var/lib/libvirt/images/patchlab.lab.a.qcow2"/><target dev="vda" bus="virtio"/>' +
        '<backingStore type="file"><format type="raw"/><source file="/images/debian.img">' +
        '<seclabel model="dac" relabel="no"/></source></backingStore></disk>',
    );
    const steps = stepsOf(plan.resources);
    const made = steps.findIndex(({ id }) => id === 'overlay a');
    expect(made).toBeLessThan(steps.findIndex(({ id }) => id === 'domain a'));
    expect(steps[made]?.undo).toEqual({
      tool: 'remove-file',
      path: '/var/lib/libvirt/images/patchlab.lab.a.qcow2',
    });
  });

  it('has the format that was found, whatever its name says', () => {
    const lab = labOf({ name: 'lab', nodes: { a: { kind: 'vm', disk: '/d.img' } }, links: [] });
    const { domains } = planLab(lab, { ...FACTS, disks: { '/d.img': 'qcow2' } });
    expect(flat(domains[0]?.xml)).toContain('<format type="qcow2"/><source file="/d.img">');
  });

  it('keeps what was written with persist: true, and the overlay is not removed then', () => {
    const step = stepsOf(planned({ persist: true }).resources).find(({ id }) => id === 'overlay a');
    expect([step?.undo, step?.do]).toEqual([
      undefined,
      expect.objectContaining({ argv: expect.arrayContaining(['keep']) as unknown }),
    ]);
  });

  it('asks for what makes it, and for the image itself', () => {
    const checks = planned().requirements.map(({ check, arg = '' }) => `${check} ${arg}`.trim());
    expect(checks).toEqual(
      expect.arrayContaining([
        ...['disk-image /images/debian.img', 'command qemu-img', 'command genisoimage'],
      ]),
    );
    const without = planned({ cloud_init: false }).requirements.map(({ arg }) => arg);
    expect(without).not.toContain('genisoimage');
  });
});

describe('cloud-init', () => {
  it('is told names by MAC, MTUs, addresses, VLANs and routes, as far as it can make them', () => {
    expect(seedOf(planned(), 'network-config')).toEqual({
      version: 2,
      ethernets: {
        eth1: {
          match: { macaddress: '02:00:00:00:00:01' },
          ...{ 'set-name': 'eth1', optional: true, mtu: 1400 },
          addresses: ['10.0.0.1/24', 'fd00::1/64'],
          routes: [
            { to: '0.0.0.0/0', via: '10.0.0.2' },
            { to: '10.9.0.0/16', via: '10.0.0.2', metric: 7, table: 100 },
          ],
        },
        // The bridge takes it: patchlab makes that.
        eth2: { match: { macaddress: '02:00:00:00:00:02' }, 'set-name': 'eth2', optional: true },
      },
      vlans: { 'eth1.10': { id: 10, link: 'eth1', addresses: ['10.0.10.1/24'] } },
    });
  });

  it('is told users, packages and what the file adds, lists joined', () => {
    const cloud_init = {
      users: [
        { name: 'ops', keys: ['ssh-ed25519 A'], sudo: false },
        { name: 'eve', password: '$6$x' },
      ],
      packages: ['frr'],
      user_data: { packages: ['bird2'], package_update: false, runcmd: [['true']] },
    };
    expect(seedOf(planned({ cloud_init }), 'user-data')).toEqual({
      users: [
        'default',
        {
          ...{ name: 'ops', shell: '/bin/bash', lock_passwd: true },
          ssh_authorized_keys: ['ssh-ed25519 A'],
        },
        {
          ...{ name: 'eve', shell: '/bin/bash', lock_passwd: false, passwd: '$6$x' },
          sudo: 'ALL=(ALL) NOPASSWD:ALL',
        },
      ],
      ...{ package_update: false, packages: ['frr', 'bird2'], runcmd: [['true']] },
    });
  });

  it('makes another instance of what is told otherwise, and the same of the same', () => {
    const id = (plan: Plan) => (seedOf(plan, 'meta-data') as Record<string, string>)['instance-id'];
    expect(id(planned())).toBe(id(planned()));
    expect(id(planned())).not.toBe(id(planned({ cloud_init: { packages: ['frr'] } })));
  });

  it('leaves to the agent what it does not make, and nothing is made twice', () => {
    const made = inside(planned());
    expect(made.filter((line) => /addr add|route add|type vlan|mtu/.test(line))).toEqual([
      'link add link eth1 name outer type vlan protocol 802.1ad id 20',
      expect.stringContaining('10.0.20.1/24 dev outer'),
      expect.stringContaining('10.0.30.1/24 dev br0'),
      expect.stringContaining('blackhole 10.8.0.0/16'),
      expect.stringContaining('10.0.40.1/24 dev eth0'),
    ]);
    const all = inside(planned({ cloud_init: false })).filter((line) => line.includes('addr add'));
    expect(all).toHaveLength(6);
  });

  it('is waited for before the agent goes on, and names NICs; without it patchlab does', () => {
    const ids = (plan: Plan) => stepsOf(plan.resources).map(({ id }) => id);
    const seeded = ids(planned());
    expect(seeded.indexOf('agent a')).toBeLessThan(seeded.indexOf('cloud-init a'));
    expect(seeded.indexOf('cloud-init a')).toBeLessThan(seeded.indexOf('netns a/c1'));
    expect(seeded.filter((id) => id.includes(' name eth'))).toEqual([]);
    const bare = ids(planned({ cloud_init: false }));
    expect(bare).not.toContain('cloud-init a');
    expect(bare.filter((id) => id.includes(' name eth'))).toEqual([
      ...['agent a name eth1', 'agent a name eth2'],
    ]);
  });

  it('is not asked again where a running guest has an agent: that changes it in place', () => {
    const more = { addresses: { ...DEFINED.addresses, eth1: ['10.0.0.1/24', '10.0.0.7/24'] } };
    const change = difference(planned().resources, planned(more).resources);
    const ids = change.making.map(({ id }) => id);
    expect(ids).toContain('change seed a');
    expect(ids).toContain('a address 10.0.0.7/24 of eth1');
    expect(ids).not.toContain('domain a');
    const closed = { agent: false, devices: [], namespaces: [], routes: [] };
    const alone = (addresses: object) => planned({ ...closed, addresses }).resources;
    const anew = difference(alone({ eth1: '10.0.0.1/24' }), alone({ eth1: '10.0.0.7/24' }));
    expect(anew.making.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['seed a', 'domain a']) as string[],
    );
  });

  it('has texts merged by key, lists joined', () => {
    expect(merged({ a: [1], b: { c: 1, d: 1 }, e: 1 }, { a: [2], b: { d: 2 }, e: [3] })).toEqual({
      ...{ a: [1, 2], b: { c: 1, d: 2 }, e: [3] },
    });
  });
});

describe('a file that is to be a disk', () => {
  const head = (at: Readonly<Record<number, string>>, size = 1 << 20) => {
    const bytes = Buffer.alloc(2048);
    for (const [offset, hex] of Object.entries(at)) bytes.write(hex, Number(offset), 'hex');
    return { size, bytes };
  };
  it.each([
    ['qcow2', head({ 0: '514649fb00000003' })],
    ['raw with a partition table', head({ 510: '55aa' })],
    ['raw with a file system alone', head({ 1080: '53ef' })],
  ])('may be %s', (_what, found) => {
    expect(refusalOf('/d', found)).toBeUndefined();
  });
  it.each([
    ['compressed by xz', head({ 0: 'fd377a585a00' }), 'unxz -k /d'],
    ['another virtual machine', head({ 0: '4b444d56' }), 'qemu-img convert -O qcow2 /d /d.qcow2'],
    ['no disk image', head({ 0: '514649fb' }), 'qemu-img info /d'],
    ['no disk image', head({ 510: '55aa' }, 700), 'qemu-img info /d'],
  ])('may not be %s', (what, found, mend) => {
    expect(refusalOf('/d', found)).toEqual({ what: expect.stringContaining(what) as string, mend });
  });
});
