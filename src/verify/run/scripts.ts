import { INTO } from '../../apply/hosts/into.js';
import type { Forgetting } from '../../probes/define.js';

/**
 * The programs that run beside a verification on each machine, as POSIX shell with positional arguments
 * only: the same text for this host and for a guest, whose agent knows nothing but "run this to its end".
 * Each does its work for many captures, witnesses or probes at once: a process costs milliseconds.
 */

/** A script with its positional arguments. By its path: busybox, as a guest's `unshare` or `timeout`, would run its own shell and programs. */
export const shell = (script: string, ...args: readonly string[]): readonly string[] => [
  ...['/bin/sh', '-c', script, 'patchlab-verify'],
  ...args,
];

/** Milliseconds that the start of so many processes may take on a machine that has much else to do. */
export const startTime = (processes: number): number => 60_000 + 100 * processes;

/** Take the first `$count` arguments as `$words`, quoted for `eval`; then they are to be shifted away. */
export const WORDS = `
words=
word=1
while [ $word -le "$count" ]; do
  words="$words \\"\\\${$word}\\""
  word=$((word + 1))
done
`;

/**
 * Begin a process group that one signal ends, and that ends by itself after its time; who still needs it then has put a
 * file `awake` into its folder, which lets it go on for as long again. Arguments: name of its file, folder, seconds.
 */
export const GROUP = `
echo $$ >"$2/$1.group"
(
  sleep "$3"
  while rm "$2/awake" 2>/dev/null; do sleep "$3"; done
  rm -rf "$2"
  kill -s KILL 0
) &
dir=$2
shift 3
`;

/**
 * Wait a moment, and the next time a little longer: to start sleep(1) costs a guest under emulation more than it sleeps, and
 * takes the processor from what is waited for. `pause` begins again with `ms=10`.
 */
export const PAUSE = `
ms=10
pause() {
  sleep "0.0$ms"
  [ $ms -ge 90 ] || ms=$((ms + 10))
}
`;

/** What is to run in one stack. */
export interface StackJobs {
  readonly netns: string | undefined;
  /** What it is to forget before: devices with a family each, and sizes. */
  readonly neighbours: Forgetting['neighbours'];
  readonly sizes: boolean;
  /** Argument arrays that run side by side. */
  readonly programs: readonly (readonly string[])[];
}

/**
 * A script that runs programs in stacks, all stacks side by side and each program to its end, and its arguments. It
 * prints the number of each program that is not there or cannot be run, from 0, and its exit code. The words of
 * programs are arguments: the script has nothing but their numbers in it.
 * @param ownRun - they get a /run of their own, in a namespace of mounts that is the script's already. It has a folder for
 * ladvd(8), and no lsb_release(1), which ladvd calls and which takes longer than all else
 */
export function jobsScript(
  stacks: readonly StackJobs[],
  ownRun: boolean,
): readonly [string, ...string[]] {
  const words: string[] = [];
  let number = 0;
  const lines = stacks.map((jobs) => {
    const { script, args } = inStack(jobs, number);
    const own = [jobs.netns ?? '-', script, ...args];
    const [where = '', text = '', ...rest] = references(own.length, words.length);
    words.push(...own);
    number += jobs.programs.length;
    return `into ${where}; $at /bin/sh -c ${text} patchlab-verify ${rest.join(' ')} &`;
  });
  return [`${INTO}${ownRun ? RUN_OF_THEIR_OWN : ''}${lines.join('\n')}\nwait\n`, ...words];
}

const RUN_OF_THEIR_OWN = `
cd /run && mount -t tmpfs -o mode=755 tmpfs /run && mkdir -m 755 /run/ladvd /run/netns /run/bin || exit 1
[ ! -d netns ] || mount --no-canonicalize --rbind netns /run/netns || exit 1
cd /
ln -s /bin/true /run/bin/lsb_release && PATH=/run/bin:$PATH
`;

/** Positional parameters of a script: `"${3}"`. */
const references = (count: number, before: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `"\${${before + index + 1}}"`);

/** Is a neighbour known at a device? The kernel lists those of IPv4: proc_net(5). To look costs less than to flush. */
const KNOWS = `knows() {
  while read -r _ _ _ _ _ device; do [ "$device" != "$1" ] || return 0; done </proc/net/arp
  return 1
}`;

/** ip-neighbour(8), ip-route(8) `flush cache`. */
const FLUSH = {
  4: (device: string): string => `! knows ${device} || ip neigh flush dev ${device}`,
  6: (device: string): string => `ip -6 neigh flush dev ${device}`,
  sizes: 'ip route flush cache; ip -6 route flush cache',
};

/** The script of one stack, and its arguments. */
function inStack({ neighbours, sizes, programs }: Omit<StackJobs, 'netns'>, number: number) {
  const args: string[] = [];
  const add = (words: readonly string[]): string => {
    const added = references(words.length, args.length);
    args.push(...words);
    return added.join(' ');
  };
  const lines = [
    ...(neighbours.some(({ family }) => family === 4) ? [KNOWS] : []),
    ...(sizes ? [silent(FLUSH.sizes)] : []),
    ...neighbours.map(({ device, family }) => silent(FLUSH[family](add([device])))),
    ...programs.map((argv, index) => `${add(argv)} </dev/null >/dev/null 2>&1 & p${index}=$!`),
    ...programs.map(
      (_, index) =>
        `wait $p${index}; code=$?; case $code in 126 | 127) echo "${number + index} $code" ;; esac`,
    ),
  ];
  return { script: lines.join('\n'), args };
}

const silent = (commands: string): string => `{ ${commands}; } </dev/null >/dev/null 2>&1`;

/** End everything that runs for a folder, and remove it. Argument: folder. */
export const STOP = `
[ -d "$1" ] || exit 0
for group in "$1"/*.group; do
  [ ! -e "$group" ] || { read -r id <"$group" && kill -s KILL -- "-$id"; } 2>/dev/null
done
rm -rf "$1" 2>/dev/null || { sleep 0.1 && rm -rf "$1"; }
`;
