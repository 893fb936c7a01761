import { availableParallelism } from 'node:os';
import { groupBy } from '../group-by.js';
import { messageOf, PatchlabError } from '../errors.js';
import {
  Unread,
  type Answers,
  type Look,
  type LookAnswer,
  type LookQuestion,
} from '../plan/resources/look.js';
import { MINE, processFiles } from '../plan/process-scripts.js';
import { groupsOf, qdiscsOf, rowsOf } from './look-rows.js';
import { readWireguard } from '../plan/wireguard-config.js';
import { hostNameOf, isOnMachine } from '../where.js';
import { lookAtContainers } from './containers.js';
import type { Host, Hosts } from './hosts/define.js';
import { INTO } from './hosts/into.js';
import { parseIpDevices } from './ip-devices.js';
import { readMacsec } from './read-macsec.js';
import {
  readFlows,
  readGroups,
  readMirrors,
  readSwitches,
  readSwitchPorts,
} from './read-switches.js';

/** The questions of one place about one thing. */
interface Asked {
  readonly netns: string;
  readonly what: keyof Answers;
  readonly names: ReadonlySet<string>;
}

type Said = LookAnswer<keyof Answers>;

const keyOf = ({ where, what }: LookQuestion): string =>
  [hostNameOf(where), where.netns ?? OWN, what].join('\n');

/** Stands for the stack of the machine itself. */
const OWN = '-';

const NOT_ASKED = new Unread('nobody has asked');

/** Look at the places of questions: on each machine by one command, on this one by as many as it has processors. */
export async function lookAround(questions: readonly LookQuestion[], hosts: Hosts): Promise<Look> {
  const asked = [...groupBy(questions, keyOf).values()];
  const byHost = groupBy(asked, ([first]) => (first ? hostNameOf(first.where) : ''));
  const said = await Promise.all([...byHost].map(([host, all]) => askHost(host, all, hosts)));
  const answers = new Map(said.flat());
  return (where, what) => (answers.get(keyOf({ where, what })) ?? NOT_ASKED) as never;
}

async function askHost(
  host: string,
  all: readonly (readonly LookQuestion[])[],
  hosts: Hosts,
): Promise<readonly (readonly [string, Said])[]> {
  const asked = all.flatMap((same): readonly (readonly [string, Asked])[] => {
    const [first] = same;
    if (!first) return [];
    const names = new Set(same.flatMap(({ name }) => name ?? []));
    return [[keyOf(first), { netns: first.where.netns ?? OWN, what: first.what, names }]];
  });
  const said = await Promise.all([
    ...sharesOf(
      asked.filter(([, { what }]) => what in PARSERS),
      all.every(([first]) => first && isOnMachine(first.where)) ? availableParallelism() : 1,
    ).map((share) => askShell(host, share, hosts)),
    ...asked.map(async ([key, { netns, what, names }]) => {
      const answer = READERS[what]?.([...names], within(hosts.named(host), netns));
      return answer ? [[key, (await answer) ?? SILENT] as const] : [];
    }),
  ]);
  return said.flat();
}

/** A place of a host: what runs there runs in that namespace. */
const within = (host: Host, netns: string): Host =>
  netns === OWN ? host : { ...host, run: (command) => host.run({ ...command, netns }) };

/** Fewer questions are not worth a shell of their own. */
const LEAST = 32;

/** Share things out, in their order. */
function sharesOf<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  const size = Math.max(LEAST, Math.ceil(all.length / most));
  return Array.from({ length: Math.ceil(all.length / size) }, (_, share) =>
    all.slice(share * size, (share + 1) * size),
  );
}

const SILENT = new Unread('Open vSwitch does not answer');

/** Three words for each question: namespace, what, names. What a tool cannot say is `unknown`. */
const ASK = `${INTO}${MINE}
while [ $# -gt 0 ]; do
  netns=$1 what=$2 names=$3
  shift 3
  echo =
  [ "$netns" = - ] || [ -e "/run/netns/$netns" ] || { echo absent; continue; }
  into "$netns"
  case $what in
    devices) $at ip -d -j addr ;;
    routes) $at ip -4 -j route show table all && echo && $at ip -6 -j route show table all ;;
    rules) $at ip -4 -j rule && echo && $at ip -6 -j rule ;;
    fdb) $at bridge -j fdb show ;;
    mdb) $at bridge -j mdb show ;;
    macsec) $at ip -j macsec show ;;
    sysctls) $at sysctl $names || : ;;
    tables) $at nft list tables ;;
    namespaces) ip netns list ;;
    wireguard) $at wg show all dump ;;
    qdiscs) $at tc -j qdisc show ;;
    processes) for name in $names; do read -r pid <"${processFiles('$name').pid}" && mine "$name" "$pid" && echo "$name"; done; : ;;
    ingress) for device in $names; do echo "@ $device"; $at tc filter show dev "$device" ingress || :; done ;;
    offloads) for device in $names; do echo "@ $device"; $at ethtool -k "$device" || :; done ;;
  esac 2>/dev/null || echo unknown
done
`;

async function askShell(
  host: string,
  asked: readonly (readonly [string, Asked])[],
  hosts: Hosts,
): Promise<readonly (readonly [string, Said])[]> {
  const unread = (why: string) => asked.map(([key]) => [key, new Unread(why)] as const);
  if (asked.length === 0) return [];
  const words = asked.flatMap(([, { netns, what, names }]) => [netns, what, [...names].join(' ')]);
  try {
    const running = await hosts.stateOf?.(host);
    if (running !== undefined && running !== 'running') return unread(`it is ${running}`);
    const argv = ['/bin/sh', '-c', ASK, 'patchlab', ...words];
    const { stdout } = await hosts.named(host).run({ argv, timeout: 30_000 });
    const texts = stdout.split(/^=\n/m).slice(1);
    return asked.map(([key, { what }], index) => [key, parse(what, texts[index])] as const);
  } catch (error) {
    return unread(error instanceof PatchlabError ? error.what : messageOf(error));
  }
}

function parse(what: keyof Answers, text = 'unknown'): Said {
  const last = text.trim().split('\n').at(-1) ?? '';
  if (last === 'absent') return last;
  if (last === 'unknown') return new Unread('the tool that would say it failed');
  return PARSERS[what]?.(text) ?? new Unread('what it says makes no sense');
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** What is said of each device after a line with its name. */
const byDevice = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split(/^@ /m)
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        return [part.slice(0, end), part.slice(end + 1)] as const;
      }),
  );

/** How the answer of a shell is read. */
const PARSERS: { readonly [Q in keyof Answers]?: (text: string) => Answers[Q] | undefined } = {
  devices: parseIpDevices,
  routes: rowsOf,
  rules: rowsOf,
  fdb: rowsOf,
  mdb: groupsOf,
  macsec: readMacsec,
  sysctls: (text) =>
    Object.fromEntries(
      lines(text).flatMap((line) => {
        const [name = '', value = ''] = line.split(/ = ?/, 2);
        return [[name, value] as const];
      }),
    ),
  tables: (text) => lines(text).map((line) => line.replace(/^table /, '')),
  qdiscs: qdiscsOf,
  ingress: byDevice,
  offloads: byDevice,
  wireguard: readWireguard,
  processes: lines,
  namespaces: (text) => lines(text).map((line) => line.split(' ')[0] ?? ''),
};

/** What is asked of a machine as a whole. */
const READERS: {
  readonly [Q in keyof Answers]?: (
    names: readonly string[],
    host: Host,
  ) => Promise<Answers[Q] | Unread | undefined>;
} = {
  async containers(names) {
    const found = await lookAtContainers(names);
    return typeof found === 'string' ? new Unread(found) : found;
  },
  switches: (_, host) => readSwitches(host),
  mirrors: (_, host) => readMirrors(host),
  switchPorts: (_, host) => readSwitchPorts(host),
  flows: (names, host) => readFlows(names, host),
  groups: (names, host) => readGroups(names, host),
};
