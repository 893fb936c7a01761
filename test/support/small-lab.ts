import { runCommand, tryCommand } from '../../src/apply/command.js';
import { deviceName, macAddress, markOf } from '../../src/plan/names.js';
import { commandOf, type NamedStep } from '../../src/plan/resources/kinds/command.js';
import { LOCAL, type Plan } from '../../src/plan/step.js';
import type { Lab, LabNode } from '../../src/topology/lab.js';

/** Two namespaces, each with a veth pair into one Open vSwitch bridge that cross-connects them: 10.99.0.1 and 10.99.0.2. */
export interface SmallLab {
  readonly lab: Lab;
  readonly plan: Plan;
  readonly bridge: string;
  /** Names of the namespaces, and of the devices of the host. */
  readonly namespaces: readonly [string, string];
  readonly devices: readonly [string, string];
}

const SIDES = [1, 2] as const;
const HOST = { lane: 'host', where: LOCAL } as const;

export function smallLab(name: string): SmallLab {
  const bridge = deviceName('ov', name, 'panel');
  const [a, b] = SIDES.map((n) => ({
    netns: `${name}.n${n}`,
    device: deviceName('ve', name, `n${n}`),
  }));
  if (!a || !b) throw new RangeError('a lab has two sides');
  const steps: NamedStep[] = [
    ...SIDES.flatMap((n) => side(name, n)),
    ...makeBridge(name, bridge),
    ...SIDES.map((n): NamedStep => {
      const port = deviceName('ve', name, `n${n}`);
      return {
        ...HOST,
        id: `plug n${n}`,
        stage: 'switches',
        needs: [bridge, port],
        do: {
          tool: 'ovs-vsctl',
          args: ['add-port', bridge, port, '--', 'set', 'interface', port, `ofport_request=${n}`],
        },
        why: `plug n${n} in`,
      };
    }),
    ...SIDES.map((n): NamedStep => ({
      ...HOST,
      id: `flow n${n}`,
      stage: 'flows',
      needs: [bridge],
      do: { tool: 'ovs-ofctl', bridge, flow: `in_port=${n},actions=output:${3 - n}` },
      why: `what n${n} sends goes to the other`,
    })),
  ];
  const node = (n: number): LabNode => ({
    name: `n${n}`,
    kind: 'netns',
    spec: {},
    stacks: [
      { id: `n${n}`, namespace: undefined, where: { machine: 'local', netns: `${name}.n${n}` } },
    ],
    ports: [
      {
        ref: `n${n}:eth1`,
        node: `n${n}`,
        name: 'eth1',
        mac: macAddress(name, `n${n}`),
        mtu: undefined,
      },
    ],
    devices: [],
    addresses: [{ stack: `n${n}`, device: 'eth1', ip: `10.99.0.${n}`, prefix: 24, family: 4 }],
    routes: [],
    rules: [],
    sysctls: [],
    rulesets: [],
    programs: [],
  });
  return {
    bridge,
    namespaces: [a.netns, b.netns],
    devices: [a.device, b.device],
    plan: { lab: name, resources: steps.map(commandOf), domains: [], requirements: [] },
    lab: {
      name,
      title: undefined,
      allowLoops: false,
      here: { machine: 'local' },
      machine: { machine: 'local' },
      id: 'smalltestl',
      nodes: SIDES.map(node),
      links: [],
      steps: [],
      checks: [],
    },
  };
}

function makeBridge(lab: string, bridge: string): NamedStep[] {
  return [
    {
      ...HOST,
      id: 'bridge',
      stage: 'switches',
      makes: [bridge],
      do: {
        tool: 'ovs-vsctl',
        args: [
          ...['add-br', bridge, '--', 'set', 'bridge', bridge, 'datapath_type=netdev'],
          ...['fail_mode=secure', `external_ids:patchlab=${lab}`],
        ],
      },
      undo: { tool: 'ovs-vsctl', args: ['del-br', bridge] },
      owns: { type: 'ovs-bridge', name: bridge },
      why: 'the panel',
    },
  ];
}

function side(lab: string, n: number): NamedStep[] {
  const netns = `${lab}.n${n}`;
  const device = deviceName('ve', lab, `n${n}`);
  const mac = macAddress(lab, device);
  const inside = { stage: 'inside', lane: `n${n}`, where: { machine: 'local', netns } } as const;
  return [
    {
      ...HOST,
      id: `netns n${n}`,
      stage: 'stacks',
      makes: [netns],
      do: { tool: 'ip', args: ['netns', 'add', netns] },
      undo: { tool: 'ip', args: ['netns', 'del', netns] },
      owns: { type: 'netns', name: netns },
      why: `namespace of n${n}`,
    },
    {
      ...HOST,
      id: `veth n${n}`,
      stage: 'devices',
      needs: [netns],
      makes: [device],
      do: {
        tool: 'ip',
        args: [
          ...['link', 'add', device, 'address', mac, 'type', 'veth'],
          ...['peer', 'name', 'eth1', 'netns', netns, 'address', macAddress(lab, `n${n}`)],
        ],
      },
      undo: { tool: 'ip', args: ['link', 'del', 'dev', device] },
      owns: { type: 'link', name: device, mac },
      why: `cable of n${n}`,
    },
    {
      ...HOST,
      id: `mark n${n}`,
      stage: 'devices',
      do: { tool: 'ip', args: ['link', 'set', 'dev', device, 'alias', markOf(lab), 'up'] },
      why: `mark the cable of n${n}`,
    },
    {
      ...HOST,
      id: `name n${n}`,
      stage: 'devices',
      do: {
        tool: 'ip',
        args: ['link', 'property', 'add', 'dev', device, 'altname', `${lab}.n${n}.eth1.veth`],
      },
      why: `name the cable of n${n}`,
    },
    {
      ...inside,
      id: `mark ns n${n}`,
      needs: [netns, device],
      do: { tool: 'ip', args: ['link', 'set', 'dev', 'lo', 'alias', markOf(lab), 'up'] },
      why: `mark n${n}`,
    },
    {
      ...inside,
      id: `sysctl n${n}`,
      do: { tool: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' },
      why: `n${n} forwards`,
    },
    {
      ...inside,
      id: `address n${n}`,
      do: { tool: 'ip', args: ['address', 'add', `10.99.0.${n}/24`, 'dev', 'eth1'] },
      why: `address of n${n}`,
    },
    {
      ...inside,
      id: `up n${n}`,
      do: { tool: 'ip', args: ['link', 'set', 'dev', 'eth1', 'up'] },
      why: `n${n} goes up`,
    },
    {
      ...inside,
      id: `offload n${n}`,
      do: { tool: 'exec', argv: ['ethtool', '-K', 'eth1', 'tx', 'off'] },
      why: `the userspace switch wants whole checksums`,
    },
  ];
}

/** Every line about the lab that the host's own tools print: nothing, once it is gone. */
export async function traces({ lab, bridge, devices }: SmallLab): Promise<readonly string[]> {
  const outputs = await Promise.all([
    runCommand(['ip', '-o', '-d', 'link', 'show']),
    runCommand(['ip', 'netns', 'list']),
    runCommand(['ovs-vsctl', 'list-br']),
    runCommand(['ovs-vsctl', '--columns=name', 'list', 'interface']),
  ]);
  const words = [`${lab.name}.`, markOf(lab.name), bridge, ...devices];
  return outputs
    .flatMap(({ stdout }) => stdout.split('\n'))
    .filter((line) => words.some((word) => line.includes(word)));
}

/** Does n1 reach n2? */
export async function pings({ namespaces }: SmallLab): Promise<boolean> {
  const ping = ['ping', '-c', '1', '-w', '30', '10.99.0.2'];
  const { exitCode } = await tryCommand(['ip', 'netns', 'exec', namespaces[0], ...ping]);
  return exitCode === 0;
}
