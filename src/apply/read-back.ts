import { z } from 'zod';
import { groupBy } from '../group-by.js';
import type { Resource } from '../plan/resources/define.js';
import { resourceType } from '../plan/resources/index.js';
import type { Answers, Look, LookQuestion } from '../plan/resources/look.js';
import { LOCAL } from '../plan/step.js';
import type { Hosts } from './hosts/define.js';
import { parseIpDevices } from './ip-devices.js';
import { readFlows, readSwitchPorts } from './read-switches.js';

/** What the resources of a lab really are. */
export interface ReadBack {
  /** Each as it is; one that is gone, as it was wanted. */
  readonly resources: readonly Resource[];
  /** Ids of those that are not there. */
  readonly gone: ReadonlySet<string>;
}

/**
 * Read resources back, by one command on each machine. What could not be looked at, such as the inside of a guest that does
 * not answer, counts as it is wanted.
 */
export async function readBack(resources: readonly Resource[], hosts: Hosts): Promise<ReadBack> {
  const questions = resources.flatMap(
    ({ type, wanted, where }) => resourceType(type).questions?.(wanted, where) ?? [],
  );
  const look = await lookAround(questions, hosts);
  const read = resources.map((one) => {
    const type = resourceType(one.type);
    return { one, real: type.read ? type.read(one.wanted, look, one) : one.wanted };
  });
  return {
    resources: read.map(({ one, real }) => (real === undefined ? one : { ...one, wanted: real })),
    gone: new Set(read.flatMap(({ one, real }) => (real === undefined ? [one.id] : []))),
  };
}

/** The questions of one place about one thing. */
interface Asked {
  readonly netns: string;
  readonly what: keyof Answers;
  readonly names: ReadonlySet<string>;
}

type Said = Answers[keyof Answers] | 'absent' | 'unknown';

const keyOf = ({ where, what }: LookQuestion): string =>
  [where.host, where.netns ?? OWN, what].join('\n');

/** Stands for the stack of the machine itself. */
const OWN = '-';

async function lookAround(questions: readonly LookQuestion[], hosts: Hosts): Promise<Look> {
  const asked = [...groupBy(questions, keyOf).values()];
  const byHost = groupBy(asked, ([first]) => first?.where.host ?? '');
  const answers = new Map<string, Said>();
  await Promise.all(
    [...byHost].map(async ([host, all]) => {
      for (const [key, said] of await askHost(host, all, hosts)) answers.set(key, said);
    }),
  );
  return (where, what) => (answers.get(keyOf({ where, what })) ?? 'unknown') as never;
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
  const [inShell, others] = [
    asked.filter(([, { what }]) => what in PARSERS),
    asked.filter(([, { what }]) => what in READERS),
  ];
  const said = await askShell(host, inShell, hosts);
  const rest = await Promise.all(
    others.map(async ([key, { what, names }]) => {
      const answer = await READERS[what]?.([...names], hosts);
      return [key, answer ?? 'unknown'] as const;
    }),
  );
  return [...said, ...rest];
}

/** Three words for each question: namespace, what, names. What a tool cannot say is `unknown`. nsenter(1) is cheaper than ip-netns(8), which mounts things. */
const ASK = `
by=$(command -v nsenter)
while [ $# -gt 0 ]; do
  netns=$1 what=$2 names=$3
  shift 3
  echo =
  enter=
  if [ "$netns" != - ]; then
    [ -e "/run/netns/$netns" ] || { echo absent; continue; }
    enter="\${by:+nsenter --net=/run/netns/$netns --}"
    enter=\${enter:-ip netns exec $netns}
  fi
  case $what in
    devices) $enter ip -d -j addr ;;
    routes) $enter ip -4 -j route show table all && echo && $enter ip -6 -j route show table all ;;
    rules) $enter ip -4 -j rule && echo && $enter ip -6 -j rule ;;
    sysctls) $enter sysctl $names || : ;;
    tables) $enter nft list tables ;;
    namespaces) ip netns list ;;
    ingress) for device in $names; do echo "@ $device"; $enter tc filter show dev "$device" ingress || :; done ;;
    offloads) for device in $names; do echo "@ $device"; $enter ethtool -k "$device" || :; done ;;
  esac 2>/dev/null || echo unknown
done
`;

async function askShell(
  host: string,
  asked: readonly (readonly [string, Asked])[],
  hosts: Hosts,
): Promise<readonly (readonly [string, Said])[]> {
  if (asked.length === 0) return [];
  const words = asked.flatMap(([, { netns, what, names }]) => [netns, what, [...names].join(' ')]);
  try {
    const running = await hosts.stateOf?.({ host });
    if (running !== undefined && running !== 'running') return [];
    const argv = ['/bin/sh', '-c', ASK, 'patchlab', ...words];
    const { stdout } = await hosts.at({ host }).run({ argv, timeout: 30_000 });
    const texts = stdout.split(/^=\n/m).slice(1);
    return asked.map(([key, { what }], index) => [key, parse(what, texts[index])] as const);
  } catch {
    // It does not answer.
    return [];
  }
}

function parse(what: keyof Answers, text = 'unknown'): Said {
  const last = text.trim().split('\n').at(-1) ?? '';
  if (last === 'absent' || last === 'unknown') return last;
  return PARSERS[what]?.(text) ?? 'unknown';
}

const row = z
  .record(z.string(), z.unknown())
  .transform((fields) =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) =>
        typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [],
      ),
    ),
  );

/** Several lists of JSON, one after the other, as one; nothing where that makes no sense. */
function rowsOf(text: string): Answers['routes'] | undefined {
  try {
    const lists = text.split(/\n(?=\[)/).filter((part) => part.trim() !== '');
    return lists.flatMap((list) => z.array(row).parse(JSON.parse(list)));
  } catch {
    return undefined;
  }
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
  sysctls: (text) =>
    Object.fromEntries(
      lines(text).flatMap((line) => {
        const [name = '', value = ''] = line.split(/ = ?/, 2);
        return [[name, value] as const];
      }),
    ),
  tables: (text) => lines(text).map((line) => line.replace(/^table /, '')),
  ingress: byDevice,
  offloads: byDevice,
  namespaces: (text) => lines(text).map((line) => line.split(' ')[0] ?? ''),
};

/** What only this machine has. */
const READERS: {
  readonly [Q in keyof Answers]?: (
    names: readonly string[],
    hosts: Hosts,
  ) => Promise<Answers[Q] | undefined>;
} = {
  switchPorts: (_, hosts) => readSwitchPorts(hosts.at(LOCAL)),
  flows: (names, hosts) => readFlows(names, hosts.at(LOCAL)),
};
