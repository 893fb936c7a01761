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
 * Run a program in a network namespace, `-` for the machine's own. The nsenter of busybox would run programs of
 * its own in place of others of the same name.
 */
export const WITHIN = `
if nsenter --version >/dev/null 2>&1; then
  enter() { nsenter "--net=/run/netns/$@"; }
else
  enter() { ip netns exec "$@"; }
fi
within() {
  if [ "$1" = - ]; then
    shift
    "$@"
  else
    enter "$@"
  fi
}
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
 * Run programs side by side, each to its end, with a /run of their own that has a folder for ladvd(8),
 * and without lsb_release(1), which ladvd calls and which takes longer than all else. Arguments: for each its namespace, the number of its arguments, the
 * argument array. Prints the number of each that is not there or cannot be run (from 0) and its exit code.
 */
export const RUN_JOBS = `${WITHIN}
cd /run && mount -t tmpfs -o mode=755 tmpfs /run && mkdir -m 755 /run/ladvd /run/netns /run/bin || exit 1
[ ! -d netns ] || mount --no-canonicalize --rbind netns /run/netns || exit 1
cd /
ln -s /bin/true /run/bin/lsb_release && PATH=/run/bin:$PATH
job() {
  within "$@" </dev/null >/dev/null 2>&1
  code=$?
  [ $code -ne 126 ] && [ $code -ne 127 ] || echo "$number $code"
}
number=0
while [ $# -gt 0 ]; do
  netns=$1 count=$2
  shift 2
  ${WORDS}
  eval "job \\"\\$netns\\" $words &"
  number=$((number + 1))
  shift "$count"
done
wait
`;

/** End everything that runs for a folder, and remove it. Argument: folder. */
export const STOP = `
[ -d "$1" ] || exit 0
for group in "$1"/*.group; do
  [ ! -e "$group" ] || { read -r id <"$group" && kill -s KILL -- "-$id"; } 2>/dev/null
done
rm -rf "$1" 2>/dev/null || { sleep 0.1 && rm -rf "$1"; }
`;
