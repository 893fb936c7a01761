import { GROUP } from './scripts.js';

const CAPTURES = `${GROUP}
filter=$1 i=0
shift
while [ $# -gt 0 ]; do
  if [ "$1" = - ]; then enter=; else enter="nsenter --net=/run/netns/$1"; fi
  $enter tcpdump -p -n -U -B 512 --immediate-mode -Z root -i "$2" -w "$dir/$i.pcap" "$filter" 2>"$dir/$i.err" &
  echo $! >"$dir/$i.pid"
  i=$((i + 1))
  shift 2
done
: >"$dir/started"
wait
`;

/** Is the process of capture `$i` there? */
const RUNS = `read -r pid <"$dir/$i.pid" && kill -0 "$pid"`;

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
dir=$1 count=$((($# - 3) / 2))
tries=$((500 + count))
mkdir -m 700 "$dir" || exit 1
setsid /bin/sh -c '${CAPTURES}' captures captures "$@" </dev/null >/dev/null 2>&1 &
until [ -e "$dir/started" ]; do sleep 0.02; done
listening() { grep -l 'listening on' "$dir"/*.err 2>/dev/null; }
settled() {
  i=0 ended=0
  while [ $i -lt $count ]; do
    { ${RUNS}; } 2>/dev/null || ended=$((ended + 1))
    i=$((i + 1))
  done
  [ $(($(listening | wc -l) + ended)) -ge $count ]
}
until settled || [ $tries -eq 0 ]; do
  tries=$((tries - 1))
  sleep 0.02
done
all=" $(listening | tr '\\n' ' ')" i=0
while [ $i -lt $count ]; do
  case $all in
    *" $dir/$i.err "*) echo ok ;;
    *) tail -n 1 "$dir/$i.err" | grep . || echo 'it does not listen' ;;
  esac
  i=$((i + 1))
done
`;

/**
 * Say which captures in a folder still run: for each, `ok`, or the last that tcpdump said. Arguments: folder,
 * number of captures.
 */
export const CHECK_CAPTURES = `
dir=$1 i=0
while [ $i -lt "$2" ]; do
  if { ${RUNS}; } 2>/dev/null; then echo ok; else echo "ended: $(tail -n 1 "$dir/$i.err" 2>/dev/null)"; fi
  i=$((i + 1))
done
`;

/**
 * Print what captures in a folder hold, base64, a line with a dot after each. Arguments: folder, then for each
 * capture the number of the first byte that is wanted, from 1.
 */
export const READ_CAPTURES = `
dir=$1 i=0
shift
for from; do
  tail -c "+$from" "$dir/$i.pcap" 2>/dev/null | base64
  echo .
  i=$((i + 1))
done
`;
