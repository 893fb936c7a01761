import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { down } from '../../src/apply/down.js';
import { openHosts } from '../../src/apply/hosts/index.js';
import { execute } from '../../src/apply/execute.js';
import { schedule } from '../../src/apply/schedule.js';
import { readFacts } from '../../src/apply/facts.js';
import { up } from '../../src/apply/up.js';
import { planLab } from '../../src/plan/plan.js';
import type { Resource } from '../../src/plan/resources/define.js';
import { resourceType, resourceTypes } from '../../src/plan/resources/index.js';
import { removeSteps } from '../../src/plan/resources/steps.js';
import { batchesOf } from '../../src/plan/tools/batches.js';
import type { Plan } from '../../src/plan/step.js';
import { labOf } from '../support/lab-of.js';
import { labState } from '../support/lab-state.js';

/**
 * Each type of resource goes round: made, read back as it was wanted; changed in place, read back as that; removed, found
 * missing, made again, and all else of the lab is as it was. What is done comes from the descriptors alone.
 */

const NAME = 'roundtrip';

const lab = labOf({
  name: NAME,
  nodes: {
    a: {
      kind: 'netns',
      namespaces: ['c2'],
      devices: [{ kind: 'macvlan', name: 'c2:mv', lower: 'eth1', mode: 'bridge', promisc: true }],
      addresses: { eth1: ['10.0.0.1/24', 'fd00::1/64'] },
      routes: [{ to: '10.9.0.0/16', via: '10.0.0.2' }],
      rules: [{ from: '10.0.0.1', table: 77, priority: 100 }],
      sysctls: { 'net.ipv4.ip_forward': 1 },
      run: ['sleep', '86400'],
      nft: 'table ip mine {\n chain c {\n type filter hook input priority 0\n counter\n }\n}\n',
    },
    b: {
      kind: 'netns',
      namespaces: ['c1'],
      devices: [
        { kind: 'veth', name: 'up1', peer: 'c1:eth0' },
        { kind: 'bridge', name: 'br0', mtu: 1400, members: ['eth1', 'up1'] },
        { kind: 'tap', name: 'tap0', multi_queue: true },
      ],
    },
    c: { kind: 'netns', addresses: { eth1: '10.0.1.1/24' } },
    d: { kind: 'netns', addresses: { eth1: '10.0.1.2/24' } },
    e: {
      kind: 'netns',
      devices: [
        { kind: 'vxlan', name: 'vx', vni: 7, local: 'fd00::8', fdb: [{ remote: 'fd00::9' }] },
      ],
    },
    f: { kind: 'netns' },
  },
  links: [
    { kind: 'veth', ends: ['a:eth1', 'b:eth1'], impair: { 'b:eth1': { rate: '10Mbit' } } },
    { kind: 'ovs-panel', name: 'panel', patches: [['c:eth1', 'd:eth1']] },
    {
      kind: 'bridge',
      name: 'seg',
      snooping: true,
      ends: [
        {
          port: 'e:eth1',
          neigh_suppress: true,
          fdb: [{ mac: '02:00:00:00:00:17' }],
          mdb: [{ group: '239.1.1.1' }, { group: 'ff05::1:3' }],
        },
        { port: 'f:eth1', isolated: true, learning: false, macs: ['02:00:00:00:00:07'] },
      ],
    },
    {
      ...{ kind: 'macvlan', mode: 'source', name: 'mv', promisc: true },
      ends: [{ port: 'e:eth2', sources: ['02:00:00:00:00:01'] }, 'f:eth2'],
    },
    { kind: 'redirect', ends: ['e:eth3', 'f:eth3'] },
  ],
});

/** Those that stand for something of a guest, which `test/vm/` plugs, changes and replaces; containers, of which `containers.test.ts` does so; and what older versions stored. */
const ELSEWHERE = [
  ...['agent', 'association', 'bond', 'channel', 'cloud-init', 'command', 'container'],
  ...['container-stack', 'domain', 'group', 'hsr', 'log-file', 'macvtap', 'member', 'mirror'],
  ...['netdevsim', 'nic', 'overlay', 'pulled-plug', 'seed', 'tap', 'teamd', 'uplink', 'vrf'],
  'wireguard',
];

/** How one of each type that can be changed in place is to be another; nothing where it is not one that can be changed so. */
const ALTERED: Readonly<Record<string, (wanted: never) => object | undefined>> = {
  bridge: () => ({ mac: '02:00:00:00:00:77' }),
  'bridge-fdb': () => ({ state: 'permanent' }),
  // Of the first; each option of a port goes round below.
  'bridge-port': () => ({ options: { hairpin: 'on' } }),
  device: () => ({ mtu: 1300, flags: ['allmulticast'] }),
  // What brings a device up is changed by what somebody does to it: see drift.test.ts.
  'device-state': () => undefined,
  flow: () => ({ actions: 'drop' }),
  'host-filter': ({ others }: { readonly others: readonly string[] }) => ({
    others: [...others, 'another'],
  }),
  macvlan: () => ({ mtu: 1300 }),
  mark: () => ({ alias: 'patchlab:another' }),
  mtu: () => ({ mtu: 1300 }),
  'ovs-bridge': () => ({ mac: '02:00:00:00:00:78' }),
  'ovs-port': ({ ofPort }: { readonly ofPort: readonly string[] }) => ({
    ofPort: [...ofPort, 'other_config:priority-tags=always'],
  }),
  // A rate alone: what takes netem, which not every kernel has, goes round in test/vm/impair.test.ts.
  qdisc: () => ({ impairment: { rate: 2_000_000 } }),
  ruleset: () => ({ text: 'table ip other {\n}\n' }),
  sysctl: () => ({ value: '0' }),
  tuntap: () => ({ mtu: 1300 }),
  veth: ({ ends: [a, b] }: { readonly ends: readonly [object, object] }) => ({
    ends: [
      { ...a, mtu: 1300 },
      { ...b, mtu: 1300 },
    ],
  }),
};

let plan: Plan;
let before: unknown;
const ofType = (type: string): readonly Resource[] =>
  plan.resources.filter((one) => one.type === type);
const types = resourceTypes.map(({ type }) => type).filter((type) => !ELSEWHERE.includes(type));

beforeAll(async () => {
  plan = planLab(lab, await readFacts(lab, { prepare: false }));
  await up(lab, plan);
  before = await labState(NAME);
});
afterAll(async () => {
  await down(NAME);
});

/** Nothing is to be done: all is as it is wanted. */
const demandAsWanted = async (wanted: Plan): Promise<void> =>
  expect(await up(lab, wanted)).toEqual({ changed: false });

describe.each(types)('%s', (type) => {
  it('is in the lab, and read back as it is wanted', async () => {
    expect(ofType(type)).not.toEqual([]);
    await demandAsWanted(plan);
  });

  it('is removed, missed, and made again', async () => {
    for (const one of ofType(type).slice(0, 2)) {
      const steps = removeSteps(one);
      if (!steps) continue;
      await remove(steps);
      const { changes = [] } = await up(lab, plan);
      expect(changes.map(({ wanted }) => wanted?.id)).toContain(one.id);
      await demandAsWanted(plan);
      expect(await labState(NAME)).toEqual(before);
    }
  });

  it('is changed in place, and back', async () => {
    const alter = ALTERED[type];
    expect(alter !== undefined).toBe(resourceType(type).change !== undefined);
    const [one] = ofType(type);
    const values = alter?.(one?.wanted as never);
    if (!one || !values) return;
    const other = { ...one, wanted: { ...(one.wanted as object), ...values } };
    const resources = plan.resources.map((each) => (each === one ? other : each));
    for (const wanted of [{ ...plan, resources }, plan]) {
      const { changes = [] } = await up(lab, wanted);
      const done = changes.map(({ how, wanted: made }) => ({ how, id: made?.id }));
      expect(done).toContainEqual({ how: 'change', id: one.id });
      await demandAsWanted(wanted);
    }
    expect(await labState(NAME)).toEqual(before);
  });
});

// What may be set of a port beside what the lab has: each by itself, read back as it is, and gone again.
const OPTIONS: readonly (readonly [string, string])[] = [
  ['guard', 'on'],
  ['root_block', 'on'],
  ['neigh_suppress', 'on'],
  ['mcast_router', '2'],
  ['mcast_router', '0'],
  ['isolated', 'on'],
  ['flood', 'off'],
  ['group_fwd_mask', '0x4000'],
  ['priority', '7'],
];

it.each(OPTIONS)(
  'a port of a bridge is changed in place to %s %s, and back',
  async (name, value) => {
    const [one] = ofType('bridge-port');
    const wanted = one?.wanted as { readonly options: object };
    const other = { ...one, wanted: { ...wanted, options: { ...wanted.options, [name]: value } } };
    const resources = plan.resources.map((each) => (each === one ? (other as Resource) : each));
    for (const next of [{ ...plan, resources }, plan]) {
      const { changes = [] } = await up(lab, next);
      expect(changes.map(({ how, wanted: made }) => [how, made?.id])).toEqual([
        ['change', one?.id],
      ]);
      await demandAsWanted(next);
    }
    expect(await labState(NAME)).toEqual(before);
  },
);

async function remove(steps: ReturnType<typeof removeSteps>): Promise<void> {
  const hosts = openHosts(plan);
  await schedule(batchesOf(steps ?? [], 'undo'), { phase: 'remove' }, async (bundle, signal) => {
    expect(await execute(bundle, { hosts, executors: {}, signal })).toEqual([]);
  });
  await hosts.close();
}
