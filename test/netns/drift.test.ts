import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/apply/command.js';
import { deviceName } from '../../src/plan/names.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';
import {
  cli,
  cliJson,
  plainTopologies,
  scratchFolder,
  topology,
  topologyFile,
} from '../support/cli.js';
import { labState } from '../support/lab-state.js';
import { fileText } from '../support/lab-of.js';

/** What somebody has changed of a lab behind patchlab's back is found, thing by thing, and `up` mends that alone. */

const folder = scratchFolder();
const NAME = 'drifts';

const lab: LabDefinition = {
  name: NAME,
  nodes: {
    a: {
      kind: 'netns',
      addresses: { eth1: ['10.0.0.1/24', 'fd00::1/64'] },
      routes: [{ to: '10.9.0.0/16', via: '10.0.0.2' }],
      rules: [{ from: '10.0.0.1', table: 77, priority: 100 }],
      sysctls: { 'net.ipv4.ip_forward': 1 },
      nft: 'table ip mine {\n chain c {\n type filter hook input priority 0\n counter\n }\n}\n',
    },
    b: {
      kind: 'netns',
      namespaces: ['c1'],
      devices: [
        { kind: 'veth', name: 'up1', peer: 'c1:eth0' },
        { kind: 'bridge', name: 'br0', members: ['eth1', { port: 'up1', hairpin: true }] },
      ],
      addresses: { br0: '10.0.0.2/24', 'c1:eth0': '10.0.0.3/24' },
    },
    c: { kind: 'netns', addresses: { eth1: '10.0.1.1/24' } },
    d: { kind: 'netns', addresses: { eth1: '10.0.1.2/24' } },
    e: { kind: 'netns', ports: { eth1: { mtu: 1400 } } },
    f: { kind: 'netns' },
    g: { kind: 'netns' },
    h: { kind: 'netns' },
  },
  links: [
    { kind: 'veth', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'ovs-panel', name: 'panel', patches: [['c:eth1', 'd:eth1']] },
    { kind: 'bridge', name: 'seg', ends: ['e:eth1', { port: 'f:eth1', isolated: true }] },
    { kind: 'macvlan', mode: 'bridge', name: 'mv', ends: ['e:eth2', 'f:eth2'] },
    { kind: 'redirect', ends: ['g:eth1', 'h:eth1'] },
  ],
};

const inside = (node: string, ...argv: readonly string[]) =>
  runCommand(['ip', 'netns', 'exec', `${NAME}.${node}`, ...argv]);
const ip = (node: string, ...args: readonly string[]) =>
  runCommand(['ip', '-n', `${NAME}.${node}`, ...args]);
const [panel, port, bridge] = [
  deviceName('ov', NAME, 'panel'),
  deviceName('ve', NAME, 'c:eth1', 'veth'),
  deviceName('br', NAME, 'seg'),
];
const member = deviceName('ve', NAME, 'e:eth1', 'veth');

const led = deviceName('ve', NAME, 'g:eth1', 'veth');

/** What somebody does, the resources that are not as they were then, and how each is mended. */
const DEEDS: readonly (readonly [
  what: string,
  deed: () => Promise<unknown>,
  mended: Readonly<Record<string, string>>,
])[] = [
  [
    'an address is removed',
    () => ip('a', 'addr', 'del', '10.0.0.1/24', 'dev', 'eth1'),
    {
      'a address 10.0.0.1/24 of eth1': 'create',
      'a route 10.9.0.0/16 via 10.0.0.2 dev eth1': 'create',
    },
  ],
  [
    'a route is removed',
    () => ip('a', 'route', 'del', '10.9.0.0/16'),
    { 'a route 10.9.0.0/16 via 10.0.0.2 dev eth1': 'create' },
  ],
  [
    'a rule is removed',
    () => ip('a', 'rule', 'del', 'priority', '100'),
    {
      'a rule from 10.0.0.1/32 priority 100 table 77': 'create',
    },
  ],
  [
    'a setting is another',
    () => inside('a', 'sysctl', '-w', 'net.ipv4.ip_forward=0'),
    {
      'a net.ipv4.ip_forward': 'change',
    },
  ],
  [
    'the packet filter is flushed',
    () => inside('a', 'nft', 'flush', 'ruleset'),
    {
      'a packet filter': 'change',
    },
  ],
  ['a port is set down', () => ip('c', 'link', 'set', 'eth1', 'down'), { 'c up eth1': 'change' }],
  [
    'an MTU is another',
    () => ip('d', 'link', 'set', 'eth1', 'mtu', '1300'),
    {
      [`veth @host ${deviceName('ve', NAME, 'd:eth1', 'veth')} - d eth1`]: 'change',
    },
  ],
  [
    'a MAC is another',
    () => ip('d', 'link', 'set', 'eth1', 'address', '02:00:00:00:00:99'),
    {
      [`veth @host ${deviceName('ve', NAME, 'd:eth1', 'veth')} - d eth1`]: 'change',
    },
  ],
  [
    'a member is taken off its bridge',
    () => ip('b', 'link', 'set', 'up1', 'nomaster'),
    {
      'bridge b br0 up1': 'create',
    },
  ],
  [
    'a port of a bridge is another',
    () => ip('b', 'link', 'set', 'up1', 'type', 'bridge_slave', 'hairpin', 'off'),
    {
      'bridge b br0 up1': 'change',
    },
  ],
  [
    'a bridge of the host is another',
    () => runCommand(['ip', 'link', 'set', bridge, 'type', 'bridge', 'forward_delay', '300']),
    {
      [`bridge ${bridge}`]: 'change',
    },
  ],
  [
    'a device of the host is taken off its bridge',
    () => runCommand(['ip', 'link', 'set', member, 'nomaster']),
    {
      [`bridge ${bridge} ${member}`]: 'create',
    },
  ],
  [
    'a flow is deleted',
    () => runCommand(['ovs-ofctl', 'del-flows', panel]),
    {
      [`flow ${panel} c:eth1`]: 'create',
      [`flow ${panel} d:eth1`]: 'create',
    },
  ],
  [
    'a port is taken off a switch',
    () => runCommand(['ovs-vsctl', 'del-port', panel, port]),
    {
      [`ovs ${panel} ${port}`]: 'create',
    },
  ],
  [
    'a redirection is removed',
    () => runCommand(['tc', 'qdisc', 'del', 'dev', led, 'ingress']),
    { [`redirect ${led}`]: 'create' },
  ],
  [
    'a port leaves its checksums to others',
    () => inside('c', 'ethtool', '-K', 'eth1', 'tx', 'on'),
    { 'checksums c:eth1': 'create' },
  ],
  [
    'a mode is another',
    () => ip('e', 'link', 'set', 'eth2', 'type', 'macvlan', 'mode', 'private'),
    {
      'macvlan e:eth2': 'change',
    },
  ],
];

describe('what is not as it was built', () => {
  afterEach(() => cli(['down', NAME]));

  it('is found and mended, and nothing else is touched', async () => {
    const file = await topologyFile(folder, 'drifts.yaml', fileText(lab));
    expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
    const was = await labState(NAME);
    for (const [what, deed, mended] of DEEDS) {
      await deed();
      const { result } = await cliJson('status', NAME);
      const drift = 'drift' in result ? result.drift : [];
      expect([what, Object.fromEntries(drift.map(({ id, how }) => [id, how]))]).toEqual([
        what,
        mended,
      ]);
      const up = await cliJson('up', file, '--no-verify');
      expect([what, up.result.changes]).toEqual([what, drift]);
      expect([what, await labState(NAME)]).toEqual([what, was]);
    }
  }, 300_000);
});

describe.each(plainTopologies())('%s', (name) => {
  it('is read back as it is wanted, all of it', async () => {
    const { exitCode, result } = await cliJson('up', topology(name));
    // A loop is refused, and what this kernel lacks.
    expect([0, 2, 4]).toContain(exitCode);
    if (exitCode !== 0) return;
    const { result: status } = await cliJson('status', result.lab);
    await cli(['down', result.lab]);
    expect(status).toMatchObject({ drift: [] });
  });
});
