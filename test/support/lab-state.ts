import { readdirSync } from 'node:fs';
import { runCommand, tryCommand } from '../../src/apply/command.js';

/** What is really there of a lab that has no guests, as the tools of the host read it back. */

type Row = Readonly<Record<string, unknown>>;

/** What differs between two buildings of the same thing. */
const TRANSIENT = new Set([
  // Spanning tree on its way.
  ...['config_pending', 'bridge_id', 'ageing_time', 'topology_change_ack', 'designated_root'],
  ...['ifindex', 'link_index', 'link_netnsid', 'txqlen', 'valid_life_time', 'preferred_life_time'],
  ...['hello_timer', 'tcn_timer', 'topology_change_timer', 'gc_timer', 'root_id', 'root_port'],
  ...[
    'hold_timer',
    'message_age_timer',
    'forward_delay_timer',
    'designated_bridge',
    'designated_port',
  ],
  ...[
    'root_path_cost',
    'topology_change',
    'topology_change_detected',
    'designated_cost',
    'id',
    'no',
  ],
  ...['operstate', 'tentative', 'handle', 'qdisc', 'state', 'port_no', 'link_netns'],
]);

/** Without what is transient, and in an order of its own. */
function plain(value: unknown): unknown {
  if (Array.isArray(value))
    // A bridge that runs spanning tree has its carrier only once it forwards.
    return value
      .filter((one) => one !== 'NO-CARRIER' && one !== 'LOWER_UP')
      .map(plain)
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !TRANSIENT.has(key))
      .map(([key, one]) => [key, plain(one)]),
  );
}

const json = async (argv: readonly string[]): Promise<unknown> => {
  const { stdout } = await runCommand(argv);
  return stdout.trim() === '' ? [] : plain(JSON.parse(stdout));
};
const text = async (argv: readonly string[]): Promise<string[]> =>
  (await tryCommand(argv)).stdout.split('\n').filter((line) => line !== '');

/** The kernel numbers the actions of filters in the order in which they are made: tc-actions(8). */
const withoutIndex = (line: string): string => line.replace(/^\tindex \d+ /, '\tindex N ');

/** Addresses of link scope are the kernel's own, and come and go in their own time. */
const isOwn = (row: Row): boolean => row.scope !== 'link';

async function stackState(netns: string): Promise<Readonly<Record<string, unknown>>> {
  const ip = (...args: readonly string[]) => json(['ip', '-n', netns, '-d', '-j', ...args]);
  const inside = (...argv: readonly string[]) => text(['ip', 'netns', 'exec', netns, ...argv]);
  const devices = (await ip('addr')) as readonly Row[];
  const names = devices.map(({ ifname }) => ifname as string);
  const routes = (await Promise.all(
    ['-4', '-6'].map((family) => ip(family, 'route', 'show', 'table', 'all')),
  )) as readonly (readonly Row[])[];
  return {
    devices: devices.map((one) => ({
      ...one,
      addr_info: (one.addr_info as readonly Row[]).filter(isOwn),
    })),
    routes: routes.flat().filter(({ dst }) => !/^(fe80|ff00)/.test(String(dst))),
    rules: await Promise.all(['-4', '-6'].map((family) => ip(family, 'rule'))),
    sysctls: (await inside('sysctl', '-a')).filter(
      (line) => /^net\./.test(line) && !/stable_secret|\.mtu =|nf_conntrack_count/.test(line),
    ),
    filter: await inside('nft', '-s', 'list', 'ruleset'),
    offloads: await Promise.all(
      names.map(async (name) => [
        name,
        (await inside('ethtool', '-k', name)).filter((line) => line.includes('checksum')),
      ]),
    ),
    vlans: await inside('bridge', '-d', 'vlan'),
  };
}

/** Everything of a lab, by where it is. */
export async function labState(lab: string): Promise<Readonly<Record<string, unknown>>> {
  const stacks = readdirSync('/run/netns').filter((name) => name.startsWith(`${lab}.`));
  const devices = ((await json(['ip', '-d', '-j', 'addr'])) as readonly Row[]).filter(
    ({ ifalias }) => ifalias === `patchlab:${lab}`,
  );
  const names = devices.map(({ ifname }) => ifname as string);
  const bridges = (await text(['ovs-vsctl', 'list-br'])).sort();
  return {
    ...Object.fromEntries(
      await Promise.all(stacks.map(async (name) => [name, await stackState(name)] as const)),
    ),
    host: devices.map((one) => ({ ...one, addr_info: [] })),
    redirects: await Promise.all(
      names.map(async (name) =>
        (await text(['tc', 'filter', 'show', 'dev', name, 'ingress'])).map(withoutIndex),
      ),
    ),
    filter: await text(['nft', '-s', 'list', 'table', 'inet', `patchlab.${lab}`]),
    switches: await Promise.all(
      bridges.map(async (name) => ({
        name,
        flows: (await text(['ovs-ofctl', '--no-stats', 'dump-flows', name])).sort(),
        ports: (await text(['ovs-vsctl', 'list-ports', name])).sort(),
        row: await text([
          ...['ovs-vsctl', '--columns=name,other_config,external_ids,fail_mode,datapath_type'],
          ...['list', 'bridge', name],
        ]),
      })),
    ),
    interfaces: await text([
      ...['ovs-vsctl', '-f', 'csv', '--columns=name,ofport,ofport_request,external_ids,lldp'],
      ...['list', 'interface'],
    ]).then((lines) => lines.toSorted()),
    ports: (
      await text(['ovs-vsctl', '-f', 'csv', '--columns=name,other_config', 'list', 'port'])
    ).toSorted(),
  };
}
