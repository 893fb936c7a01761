/**
 * The programs that run beside a verification on each machine, as POSIX shell with positional arguments
 * only: the same text for this host and for a guest, whose agent knows nothing but "run this to its end".
 */

/** A script with its positional arguments. */
export const shell = (script: string, ...args: readonly string[]): readonly string[] => [
  ...['sh', '-c', script, 'patchlab-verify'],
  ...args,
];

/**
 * Start captures in the background and wait until all captures listen.
 *
 * Arguments: folder to make; seconds until everything ends by itself; the filter; then for each capture its
 * namespace (`-` for the machine's own) and device. Prints one line for each capture: `ok`, or what tcpdump
 * said. Never promiscuous (`-p`): that would make a macvtap deliver what it drops otherwise. A Ctrl-C at the
 * terminal does not end it halfway: `STOP` ends all of it.
 */
export const START_CAPTURES = `
trap '' INT
dir=$1 limit=$2 filter=$3
shift 3
mkdir -m 700 "$dir" || exit 1
(
  sleep "$limit" & # keeps the folder where every capture died at once
  echo $! >"$dir/keeper.pid"
  i=0
  while [ $# -gt 0 ]; do
    enter=
    [ "$1" = - ] || enter="nsenter --net=/run/netns/$1 --"
    $enter timeout "$limit" tcpdump -p -n -U --immediate-mode -Z root -i "$2" -w "$dir/$i.pcap" "$filter" \\
      >"$dir/$i.err" 2>&1 &
    echo $! >"$dir/$i.pid"
    i=$((i + 1))
    shift 2
  done
  : >"$dir/started"
  wait
  rm -rf "$dir"
) </dev/null >/dev/null 2>&1 &
count=$(($# / 2)) tries=200
until [ -e "$dir/started" ]; do sleep 0.02; done
i=0
while [ $i -lt $count ]; do
  while [ $tries -gt 0 ] && ! grep -q 'listening on' "$dir/$i.err" && kill -0 "$(cat "$dir/$i.pid")" 2>/dev/null; do
    tries=$((tries - 1))
    sleep 0.05
  done
  if grep -q 'listening on' "$dir/$i.err"; then echo ok; else echo "$(tail -n 1 "$dir/$i.err")"; fi
  i=$((i + 1))
done
`;

/**
 * Say which captures in a folder still run: for each, `ok`, or the last that tcpdump said. Arguments: folder,
 * number of captures.
 */
export const CHECK_CAPTURES = `
i=0
while [ $i -lt "$2" ]; do
  if kill -0 "$(cat "$1/$i.pid" 2>/dev/null)" 2>/dev/null; then
    echo ok
  else
    echo "ended: $(tail -n 1 "$1/$i.err" 2>/dev/null)"
  fi
  i=$((i + 1))
done
`;

/** Print what the captures in a folder hold, base64, a line with a dot after each. Arguments: folder, number of captures. */
export const READ_CAPTURES = `
i=0
while [ $i -lt "$2" ]; do
  [ ! -e "$1/$i.pcap" ] || base64 "$1/$i.pcap"
  echo .
  i=$((i + 1))
done
`;

/**
 * Start a witness: a daemon with an empty /run of its own. Arguments: seconds, folder, name, namespace, argument
 * array of the daemon. Its output goes through a pipe: ladvd forbids itself to write files. It gets a process
 * group of its own: a ladvd that is killed while it starts leaves a child behind that waits for ever. Prints what
 * the daemon said, and ends with exit code 1 when it does not run.
 */
export const START_WITNESS = `
trap '' INT
limit=$1 dir=$2 name=$3 netns=$4
shift 4
enter=
[ "$netns" = - ] || enter="nsenter --net=/run/netns/$netns --"
(
  $enter unshare -m setsid sh -c '
    echo $$ >"$1"
    shift
    mount -t tmpfs -o mode=755 tmpfs /run && mkdir -m 755 /run/ladvd && exec "$@"
  ' sh "$dir/$name.group" timeout -s KILL "$limit" "$@" 2>&1 | cat >"$dir/$name.log"
) </dev/null >/dev/null 2>&1 &
daemon=$! tries=100
until grep -q running "$dir/$name.log" 2>/dev/null || [ $tries -eq 0 ]; do
  tries=$((tries - 1))
  sleep 0.05
  kill -0 "$daemon" 2>/dev/null || break
done
cat "$dir/$name.log"
grep -q running "$dir/$name.log"
`;

/** Ask a witness. Arguments: folder, name, argument array of the question. */
export const ASK_WITNESS = `
pid=$(cat "$1/$2.group") || exit 1
shift 2
exec nsenter -t "$pid" -m -n -- "$@"
`;

/** End everything that runs for a folder; the captures' own shell then removes it. Argument: folder. */
export const STOP = `
[ -d "$1" ] || exit 0
for group in "$1"/*.group; do
  [ ! -e "$group" ] || kill -s KILL -- "-$(cat "$group")" 2>/dev/null
done
kill $(cat "$1"/*.pid) 2>/dev/null
tries=100
while [ -d "$1" ] && [ $tries -gt 0 ]; do
  tries=$((tries - 1))
  sleep 0.02
done
`;
