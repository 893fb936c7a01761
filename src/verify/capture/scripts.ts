import { GROUP, PAUSE } from '../run/scripts.js';

/**
 * Octets of a frame that are kept. libpcap gives every frame of its ring this much room, where the device hands on
 * frames that are longer than its MTU (`tso`, `gro`): the 262144 that tcpdump takes by itself leave room for two
 * frames, and a burst of three is a frame that nobody saw. Half a mebibyte holds 256 of these.
 */
const SNAPSHOT = 2048;

/** Millions of octets after which a capture goes on in a new file: `0.pcap`, `0.pcap1`, `0.pcap2`. What has been read can go. */
export const PART = 1;

const CAPTURES = `${GROUP}
filter=$1 bare=$2 quiet=$3 i=0
shift 3
while [ $# -gt 0 ]; do
  if [ "$1" = - ]; then enter=; else enter="nsenter --net=/run/netns/$1"; fi
  if [ "$3" = bare ]; then wanted=$bare; else wanted=$filter; fi
  $enter tcpdump $quiet -n -U -C ${PART} -B 512 -s ${SNAPSHOT} --immediate-mode -Z root -i "$2" -w "$dir/$i.pcap" -- "$wanted" 2>>"$dir/$i.err" &
  echo $! >"$dir/$i.pid"
  i=$((i + 1))
  shift 3
done
echo started
exec >/dev/null
wait
`;

/** Is the process of capture `$i` there? */
const RUNS = `read -r pid <"$dir/$i.pid" && kill -0 "$pid"`;

/**
 * Start captures in the background and wait until all captures listen.
 *
 * Arguments: folder to make; seconds until everything ends by itself; the filter, and the one for devices that carry bare
 * packets; `-p`, or nothing for promiscuous mode, which makes a macvtap deliver what it drops otherwise; then for each
 * capture its namespace (`-` for the machine's own), its device, and `bare` where that carries such. Prints one line for each
 * capture: `ok`, or what tcpdump said. A Ctrl-C at the terminal does not end it halfway: `STOP` ends all of it. What ends it
 * before the captures have begun takes the folder along.
 */
export const START_CAPTURES = `
${PAUSE}
trap '' INT PIPE
trap 'rmdir "$dir"; exit' TERM
dir=$1 count=$((($# - 5) / 3)) tries=300
mkdir -m 700 "$dir" || exit 1
{ setsid /bin/sh -c '${CAPTURES}' captures captures "$@" </dev/null 2>/dev/null & } | read -r _
listens() {
  while read -r line; do
    case $line in *'listening on'*) return 0 ;; esac
  done <"$dir/$i.err"
  return 1
}
i=0
while [ $i -lt $count ]; do
  until listens || ! { ${RUNS}; } 2>/dev/null || [ $tries -eq 0 ]; do
    tries=$((tries - 1))
    pause
  done
  if listens; then echo ok; else tail -n 1 "$dir/$i.err" | grep . || echo 'it does not listen'; fi
  i=$((i + 1))
done
`;

/**
 * Say which captures in a folder still run and have seen all: for each, `ok`, or what tcpdump said last, or how many
 * frames the kernel dropped because tcpdump was too slow. Arguments: folder, number of captures. tcpdump tells its
 * counts when it gets SIGUSR1, also while frames wait in its ring that it had no time to write: it is asked again for
 * as long as it has received more than it has written, and goes on writing.
 */
export const CHECK_CAPTURES = `
dir=$1 count=$2 before=- rounds=20
counts() {
  number='\\([0-9]*\\) packets*'
  sed -n "s/^.* $number captured, $number received by filter, $number dropped by kernel.*/\\1 \\2 \\3/p" "$dir"/*.err 2>/dev/null
}
ask() {
  i=0 asked=0 tries=100
  while [ $i -lt $count ]; do
    { ${RUNS} && : >"$dir/$i.err" && kill -USR1 "$pid" && asked=$((asked + 1)); } 2>/dev/null
    i=$((i + 1))
  done
  until now=$(counts) && [ $(echo "$now" | grep -c .) -ge $asked ]; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 0.02
  done
}
last() {
  grep '^tcpdump: ' "$1" | grep -v 'listening on' | tail -n 1 | grep . || tail -n 1 "$1"
}
behind() {
  echo "$now" | while read -r written received dropped; do
    [ $((written + dropped)) -ge $((received)) ] || echo behind
  done | grep -q behind
}
until ! ask || ! behind || [ "$now" = "$before" ] || [ $rounds -eq 0 ]; do
  before=$now rounds=$((rounds - 1))
  sleep 0.02
done
i=0
while [ $i -lt $count ]; do
  dropped=$(sed -n 's/.* \\([0-9]*\\) packets* dropped by kernel.*/\\1/p' "$dir/$i.err" 2>/dev/null)
  if ! { ${RUNS}; } 2>/dev/null; then echo "ended: $(last "$dir/$i.err" 2>/dev/null)"
  elif [ -z "$dropped" ]; then echo 'it does not answer'
  elif [ "$dropped" -gt 0 ]; then echo "it missed $dropped frames, for lack of time to read them"
  else echo ok; fi
  i=$((i + 1))
done
`;
