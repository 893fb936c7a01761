/**
 * Programs that run for as long as a lab: each in a namespace of process ids of its own, whose first process starts it again
 * when it ends. With that process all of them end, whatever they have started: pid_namespaces(7).
 */

/** In the environment of all that runs for a lab: the name of the program in the lab. */
const MARK = 'PATCHLAB_PROCESS';

const base = (name: string): string => `/run/patchlab.${name}`;

/** Its files, where it runs: all go with it. */
export const processFiles = (name: string) => ({
  /** The id of the first process. */
  pid: `${base(name)}.pid`,
  /** What it says on its standard output and standard error. */
  log: `${base(name)}.log`,
  /** What it keeps. */
  folder: base(name),
  /** Where a controller writes what it has discovered. */
  report: `${base(name)}.json`,
});

/** The name that a file has for the process id of; nothing for another file of that folder. */
export const processOfFile = (file: string): string | undefined =>
  /^patchlab\.([a-z0-9-]+(?:\.[a-z0-9-]+){2,3})\.pid$/.exec(file)?.[1];

/**
 * Words of a shell: `mine NAME PID` is true while that process lives and is the one of that name: ids are used again. One
 * that has ended and is not yet taken note of has no environment any more.
 */
export const MINE = `
mine() {
  [ -n "$2" ] && tr '\\0' '\\n' <"/proc/$2/environ" | grep -qxF "${MARK}=$1"
} 2>/dev/null
`;

/** First process of the namespace: $0 is the stem of its files. What /proc shows of it is how it is known outside. */
const SUPERVISE = `
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap 'end=yes; kill -s TERM $child 2>/dev/null' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
`;

/** Arguments: name, SUPERVISE, the file that is there once it is ready, or nothing, then the program with its own. It is there once its process id is. A busybox would take `sh` for its own. */
const START = `
file=/run/patchlab.$1
export ${MARK}="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
`;

/** It is asked to end, after two seconds it is killed. Argument: name. One that a killed patchlab was starting has a moment to tell its id. */
const END = `${MINE}
file=/run/patchlab.$1
[ -e "$file.pid" ] || exit 0
tries=20
until read -r pid <"$file.pid" || [ $tries -eq 0 ]; do
  tries=$((tries - 1))
  sleep 0.05
done
if mine "$1" "$pid"; then kill -s TERM "$pid"; fi
tries=100
while mine "$1" "$pid"; do
  tries=$((tries - 1))
  if [ $tries -eq 60 ]; then kill -s KILL "$pid"; fi
  if [ $tries -eq 0 ]; then
    echo "process $pid of $1 does not end" >&2
    exit 1
  fi
  sleep 0.05
done
rm -rf "$file.pid" "$file.log" "$file.json" "$file"
`;

/** The argument array that starts a program and returns, once a file is there where it is ready by that. */
export const startProcess = (
  name: string,
  argv: readonly string[],
  ready = '',
): readonly string[] => [...['sh', '-c', START, 'start', name, SUPERVISE, ready], ...argv];

/** The argument array that ends it, with all that it has started and all of its files. */
export const endProcess = (name: string): readonly string[] => ['sh', '-c', END, 'end', name];
