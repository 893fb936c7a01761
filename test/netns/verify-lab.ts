import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { expect } from 'vitest';
import type { Host, HostCommand, Hosts } from '../../src/apply/hosts/define.js';
import { localHost } from '../../src/apply/hosts/local.js';
import { hopId, joinFragments } from '../../src/hops/graph.js';
import type { FrameClass } from '../../src/frames/classes.js';
import { modelOf } from '../../src/hops/model.js';
import {
  lowerEdge,
  portEdge,
  wireEdge,
  type Hop,
  type HopEdge,
  type HopSettings,
} from '../../src/hops/types.js';
import { prepareChecks, type PreparedCheck } from '../../src/probes/prepare.js';
import type { Address, Check, Lab, LabNode } from '../../src/topology/lab.js';
import { judge } from '../../src/verify/judge/judge.js';
import { withJoins } from '../../src/verify/run/joins.js';
import { observe, type ObserveOptions } from '../../src/verify/run/observe.js';

/** Labs made by hand, without the planner: what verify finds is held against what `ip` was told. */

let count = 0;

/** A namespace name of the test's own. */
const unique = (stack: string): string => `pv${process.pid}x${count}.${stack}`;

interface HandMadeDevice {
  readonly stack: string;
  readonly device: string;
  readonly kind: string;
  readonly settings?: HopSettings;
}

export interface HandMade {
  /** What others have in folders for such files. */
  readonly before: readonly string[];
  /** Namespace name by stack. */
  readonly netns: Readonly<Record<string, string>>;
  readonly ip: (stack: string, ...args: readonly string[]) => Promise<string>;
  /** MACs are read from the devices themselves. `cables` are runs of `STACK DEVICE` that hand frames to each other. */
  readonly prepare: (
    devices: readonly HandMadeDevice[],
    cables: readonly (readonly string[])[],
    addresses: Readonly<Record<string, readonly string[]>>,
    checks: Checks,
  ) => Promise<HandMadeLab>;
  readonly remove: () => Promise<void>;
}

export interface HandMadeLab {
  readonly lab: Lab;
  readonly checks: readonly PreparedCheck[];
}

/** Namespaces without any devices. The caller adds devices and, at the end, removes all. */
export async function handMade(...stacks: readonly string[]): Promise<HandMade> {
  count += 1;
  const netns = Object.fromEntries(stacks.map((stack) => [stack, unique(stack)]));
  const ip = async (stack: string, ...args: readonly string[]): Promise<string> =>
    (await execa('ip', ['-n', netns[stack] ?? '', ...args])).stdout;
  for (const stack of stacks) {
    await execa('ip', ['netns', 'add', netns[stack] ?? '']);
    // Duplicate address detection would keep addresses from answering for a second.
    await execa('ip', [
      ...['netns', 'exec', netns[stack] ?? '', 'sysctl', '-qw'],
      'net.ipv6.conf.default.accept_dad=0',
    ]);
  }
  return {
    before: shortLivedFolders(),
    netns,
    ip,
    async prepare(devices, cables, addresses, checks) {
      const hops = await Promise.all(
        devices.map(async ({ stack, device, kind, settings }): Promise<Hop> => {
          const [link] = JSON.parse(await ip(stack, '-j', 'link', 'show', device)) as [
            { address: string },
          ];
          return {
            id: hopId(stack, device),
            kind,
            stack,
            where: { machine: 'local', netns: netns[stack] ?? '' },
            device,
            label: `${stack}:${device}`,
            settings: { mac: link.address, ...settings },
          };
        }),
      );
      const edges = cables.flatMap((cable) =>
        cable.slice(1).map((to, index) => edgeOf(hops, cable[index] ?? '', to)),
      );
      const nodes = stacks.map((stack): LabNode => ({
        name: stack,
        kind: 'netns',
        spec: {},
        stacks: [
          {
            id: stack,
            namespace: undefined,
            where: { machine: 'local', netns: netns[stack] ?? '' },
          },
        ],
        ports: [],
        devices: [],
        addresses: Object.entries(addresses).flatMap(([device, texts]) =>
          texts.flatMap((text) => addressOf(stack, device, text)),
        ),
        routes: [],
        rules: [],
        sysctls: [],
        rulesets: [],
        programs: [],
      }));
      const full = checks.map((check) => ({
        ...{ probe: 'lldp', from: '', to: '', expect: 'pass', at: undefined },
        ...check,
      })) as readonly Check[];
      const lab: Lab = {
        name: 'hand',
        title: undefined,
        allowLoops: false,
        here: { machine: 'local' },
        machine: { machine: 'local' },
        id: 'x',
        nodes,
        links: [],
        steps: [],
        checks: full,
      };
      const prepared = prepareChecks(lab, modelOf(joinFragments([{ hops, edges }])));
      expect(prepared.problems).toEqual([]);
      return { lab, checks: prepared.checks };
    },
    async remove() {
      for (const name of Object.values(netns)) await execa('ip', ['netns', 'del', name]);
    },
  };
}

/** How two devices are joined, by their kinds. */
function edgeOf(hops: readonly Hop[], a: string, b: string): HopEdge {
  const [one, other] = [a, b].map((id) => hops.find((hop) => hop.id === id)?.kind);
  if (other === 'bridge') return portEdge(a, b);
  if (one === 'bridge') return portEdge(b, a);
  if (other === 'macvtap') return lowerEdge(b, a);
  return one === 'macvtap' ? lowerEdge(a, b) : wireEdge(a, b);
}

/** `STACK DEVICE` and `IP/PREFIX` as the lab has it; nothing where the device is another stack's. */
function addressOf(stack: string, id: string, text: string): Address[] {
  const [owner = '', device = ''] = id.split(' ');
  if (owner !== stack) return [];
  const [ip = '', prefix = ''] = text.split('/');
  return [{ stack, device, ip, prefix: Number(prefix), family: ip.includes(':') ? 6 : 4 }];
}

export type Checks = readonly (Partial<Check> & {
  family?: 4 | 6;
  class?: FrameClass;
  vlan?: number;
  payload?: number;
})[];

export const bothWays = (probe: string, a: string, b: string): Checks => [
  { probe, from: a, to: b },
  { probe, from: b, to: a },
];

export const ADDRESSES = {
  'a eth1': ['10.0.0.1/24', 'fd00::1/64'],
  'b eth1': ['10.0.0.2/24', 'fd00::2/64'],
};

/** Bring a device up, with the addresses that the lab gives it. */
export async function address(
  made: HandMade,
  stack: string,
  device: string,
  ...ips: readonly string[]
) {
  await made.ip(stack, 'link', 'set', device, 'up');
  for (const ip of ips) await made.ip(stack, 'address', 'add', ip, 'dev', device);
}

/** One end of a veth pair in each stack. */
export const cable = (
  made: HandMade,
  a: string,
  deviceA: string,
  b: string,
  deviceB: string,
): Promise<string> =>
  made.ip(
    a,
    'link',
    'add',
    deviceA,
    'type',
    'veth',
    'peer',
    'name',
    deviceB,
    'netns',
    made.netns[b] ?? '',
  );

/** Two namespaces on a veth pair. */
export async function vethPair(): Promise<
  HandMade & { lab: (checks: Checks) => Promise<HandMadeLab> }
> {
  const made = await handMade('a', 'b');
  await cable(made, 'a', 'eth1', 'b', 'eth1');
  await address(made, 'a', 'eth1', ...ADDRESSES['a eth1']);
  await address(made, 'b', 'eth1', ...ADDRESSES['b eth1']);
  const ends = ['a', 'b'].map((stack) => ({ stack, device: 'eth1', kind: 'veth' }));
  return {
    ...made,
    lab: (checks) => made.prepare(ends, [['a eth1', 'b eth1']], ADDRESSES, checks),
  };
}

/** Processes in one stack of the lab: their ids by command. */
export async function processesIn(
  { netns }: HandMade,
  stack: string,
): Promise<ReadonlyMap<number, string>> {
  const { stdout } = await execa('ip', ['netns', 'pids', netns[stack] ?? '']);
  const pids = stdout.split('\n').filter((pid) => pid !== '');
  return new Map(pids.map((pid) => [Number(pid), commandOf(pid)]));
}

/** This machine, with every command changed on its way, or something done just before it. */
export const hostsWith = (
  change: (command: HostCommand) => HostCommand | Promise<HostCommand>,
): Hosts => {
  const host: Host = {
    ...localHost,
    run: async (command) => localHost.run(await change(command)),
  };
  return { at: () => host, named: () => host, close: () => Promise.resolve() };
};

/** This machine; once, before the program that a probe sends with, something happens. */
export function beforeSending(program: string, happen: () => Promise<unknown>): Hosts {
  let happened: Promise<unknown> | undefined;
  return hostsWith(async (command) => {
    if (command.argv.includes(program)) await (happened ??= happen());
    return command;
  });
}

export const LOCAL_HOSTS = hostsWith((command) => command);

/** Observe and judge. */
export async function prove(
  { checks }: HandMadeLab,
  options: ObserveOptions = {},
  hosts: Hosts = LOCAL_HOSTS,
) {
  const { observations, captures } = await withJoins(checks, hosts, () =>
    observe(checks, hosts, options),
  );
  const verdicts = checks.map((check, index) => {
    const observation = observations[index];
    if (!observation) throw new Error('a check was not observed');
    return judge(check, observation);
  });
  return { verdicts, observations, captures };
}

/** What a verification could leave: its folders in /run, and processes inside the lab's namespaces. */
export async function leftovers({ netns, before }: HandMade): Promise<readonly string[]> {
  const folders = shortLivedFolders().filter((name) => !before.includes(name));
  const inside = await Promise.all(
    Object.values(netns).map(async (name) => (await execa('ip', ['netns', 'pids', name])).stdout),
  );
  const alive = inside
    .join('\n')
    .split('\n')
    .filter((pid) => pid !== '')
    .map(commandOf);
  return [...folders, ...alive.filter((command) => command !== '')];
}

const shortLivedFolders = (): readonly string[] =>
  ['/run', '/dev/shm'].flatMap((folder) =>
    readdirSync(folder).filter((name) => /^(patchlab-verify|ladvd)/.test(name)),
  );

const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ''; // It has ended meanwhile.
  }
};

/** Nothing is left: at once or, while killed processes are being cleared away, soon. */
export const expectNothingLeft = (lab: HandMade): Promise<void> =>
  expect.poll(() => leftovers(lab), { timeout: 30_000, interval: 50 }).toEqual([]);
