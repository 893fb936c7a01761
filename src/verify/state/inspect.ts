import { randomUUID } from 'node:crypto';
import type { Hosts } from '../../apply/hosts/define.js';
import { INTO } from '../../apply/hosts/into.js';
import { parseIpDevices } from '../../apply/ip-devices.js';
import { groupBy } from '../../group-by.js';
import type { DeviceState } from '../../hops/device.js';
import type { Where } from '../../plan/step.js';
import { parseRuleset, type Ruleset } from '../../nft/ruleset.js';
import { inShells } from '../run/jobs.js';
import { shell } from '../run/scripts.js';
import { hostNameOf } from '../../where.js';

/** What a network stack really looks like. */
export interface StackState {
  /** By name. */
  readonly devices: ReadonlyMap<string, DeviceState>;
  /** Rules of nftables; none without nft(8). */
  readonly ruleset: Ruleset;
  /** MACs that it sends packets to, as far as it knows or was told any: ip-neighbour(8). */
  readonly neighbours: readonly NeighbourEntry[];
  /** Text of `tc filter show` for each device and direction that has filters: `egress eth1`. */
  readonly filters: ReadonlyMap<string, string>;
  /** Text of `ovs-ofctl dump-flows` by bridge, in the stack of the host. */
  readonly flows: ReadonlyMap<string, string>;
  /** Packets of UDP and TCP with wrong checksums that have come to it: proc_net(5) snmp, snmp6. */
  readonly wrongChecksums: number;
  /** Settings that matter for a loss, by name: ip-sysctl. */
  readonly sysctls: ReadonlyMap<string, string>;
}

/** Where a stack sends what is for an address on a link. */
interface NeighbourEntry {
  /** Its address. */
  readonly dst: string;
  /** The device that it is behind. */
  readonly dev: string;
  /** None while nobody has answered. */
  readonly lladdr?: string;
}

/** A stack to look at: where it is, and the devices and Open vSwitch bridges of interest. */
export interface Subject {
  readonly id: string;
  readonly where: Where;
  readonly devices: readonly string[];
  readonly bridges: readonly string[];
}

/** Settings that keep a stack silent, or that lead bridged packets through its packet filter: ip-sysctl, bridge.rst. */
const SYSCTLS = [
  ...['net.ipv4.icmp_echo_ignore_all', 'net.ipv6.icmp.echo_ignore_all'],
  ...['iptables', 'ip6tables'].map((name) => `net.bridge.bridge-nf-call-${name}`),
  'net.bridge.bridge-nf-filter-vlan-tagged',
];

/** Stands after what `ovs-ofctl` said of a bridge that the database has, and for which no daemon answers. */
export const UNANSWERED = 'unanswered';

/**
 * Print the state of stacks in sections, each begun by a line with the boundary and a title. Arguments: boundary;
 * then for each its number, namespace (- for the machine's own), the number of devices and of bridges, their names.
 */
const INSPECT = `${INTO}
boundary=$1
shift
section() { echo "$boundary $number $*"; }
while [ $# -gt 0 ]; do
  number=$1 netns=$2 devices=$3 bridges=$4
  shift 4
  into "$netns"
  section ip
  $at ip -d -j address show 2>/dev/null
  section neighbours
  $at ip -j neigh show 2>/dev/null
  section vlan
  $at bridge -j vlan show 2>/dev/null
  if command -v nft >/dev/null; then
    section nft
    $at nft -j list ruleset 2>/dev/null
    section words
    $at nft -a list ruleset 2>/dev/null
  fi
  while [ "$devices" -gt 0 ]; do
    for direction in ingress egress; do
      section tc $direction "$1"
      $at tc filter show dev "$1" $direction 2>/dev/null
    done
    devices=$((devices - 1))
    shift
  done
  while [ "$bridges" -gt 0 ]; do
    section flows "$1"
    $at ovs-ofctl --timeout=5 --names --no-stats dump-flows "$1" 2>&1 ||
      { $at ovs-vsctl --timeout=5 --no-wait br-exists "$1" 2>/dev/null && echo ${UNANSWERED}; }
    bridges=$((bridges - 1))
    shift
  done
  section checksums
  $at cat /proc/net/snmp /proc/net/snmp6 2>/dev/null
  section sysctl
  $at sysctl -e ${SYSCTLS.join(' ')} 2>/dev/null
done
`;

/** Look at stacks as they are now. A stack that cannot be reached is left out. */
export async function inspect(
  subjects: readonly Subject[],
  hosts: Hosts,
): Promise<ReadonlyMap<string, StackState>> {
  const states = await Promise.all(
    [...groupBy(subjects, ({ where }) => hostNameOf(where))].map(([host, here]) =>
      inShells(here, (part) => inspectPart(part, hosts, host)).catch(() => []),
    ),
  );
  return new Map(states.flat());
}

async function inspectPart(
  subjects: readonly Subject[],
  hosts: Hosts,
  host: string,
): Promise<readonly (readonly [string, StackState])[]> {
  const boundary = randomUUID();
  const words = subjects.flatMap(({ where, devices, bridges }, index) => [
    ...[String(index), where.netns ?? '-', String(devices.length), String(bridges.length)],
    ...devices,
    ...bridges,
  ]);
  const { stdout } = await hosts
    .named(host)
    .run({ argv: shell(INSPECT, boundary, ...words), timeout: 60_000 });
  const sections = stdout
    .split(`${boundary} `)
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n');
      const [number, kind = '', ...rest] = title.split(' ');
      return { number: Number(number), kind, name: rest.join(' '), text: lines.join('\n').trim() };
    });
  return subjects.map(({ id }, index) => {
    const own = sections.filter(({ number }) => number === index);
    const textOf = (wanted: string): string => own.find(({ kind }) => kind === wanted)?.text ?? '';
    const texts = (wanted: string): readonly (readonly [string, string])[] =>
      own.flatMap(({ kind, name, text }) => (kind === wanted ? [[name, text] as const] : []));
    const devices = (parseIpDevices(textOf('ip') || '[]') ?? []) as readonly DeviceState[];
    const vlans = vlansByPort(textOf('vlan'));
    return [
      id,
      {
        devices: new Map(devices.map((device) => [device.ifname, withVlans(device, vlans)])),
        ruleset: parseRuleset(textOf('nft'), textOf('words')),
        filters: new Map(texts('tc').filter(([, text]) => text !== '')),
        neighbours: JSON.parse(textOf('neighbours') || '[]') as readonly NeighbourEntry[],
        // A bridge may have none.
        flows: new Map(texts('flows')),
        wrongChecksums: wrongChecksums(textOf('checksums')),
        sysctls: new Map(
          textOf('sysctl')
            .split('\n')
            .map((line) => line.split(' = ') as [string, string]),
        ),
      },
    ] as const;
  });
}

/** In snmp a line has names and the next their values; in snmp6 each line is a name and its value. */
function wrongChecksums(text: string): number {
  const lines = text.split('\n').map((line) => line.split(/\s+/));
  return lines.reduce((sum, words, at) => {
    const column = words.indexOf('InCsumErrors');
    if (/^(Udp|Tcp):$/.test(words[0] ?? '') && column > 0)
      return sum + Number(lines[at + 1]?.[column] ?? 0);
    return words[0] === 'Udp6InCsumErrors' ? sum + Number(words[1]) : sum;
  }, 0);
}

type Vlans = ReadonlyMap<string, DeviceState['vlans']>;

/** VLANs of the ports of bridges: bridge(8) `-j vlan show`, which prints nothing where there are none. */
function vlansByPort(text: string): Vlans {
  const ports = JSON.parse(text || '[]') as readonly Pick<DeviceState, 'ifname' | 'vlans'>[];
  return new Map(ports.map(({ ifname, vlans }) => [ifname, vlans]));
}

function withVlans(device: DeviceState, ports: Vlans): DeviceState {
  const vlans = ports.get(device.ifname);
  return vlans ? { ...device, vlans } : device;
}
