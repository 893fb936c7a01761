import { randomUUID } from 'node:crypto';
import type { Hosts } from '../../apply/hosts/define.js';
import type { Hop } from '../../hops/types.js';
import { shell, STOP } from '../run/scripts.js';

/**
 * Listen on devices in promiscuous mode, which is what tcpdump does when nobody forbids it, and keep nothing. Ended by
 * `STOP`, and by itself after its time. Arguments: folder to make, seconds, then for each device its namespace (`-` for
 * the machine's own) and name. Prints a line for each: `ok`, or what tcpdump said.
 */
const START_LISTENING = `
trap '' INT
dir=$1 limit=$2
shift 2
mkdir -m 700 "$dir" || exit 1
(
  sleep "$limit" &
  echo $! >"$dir/keeper.pid"
  i=0
  while [ $# -gt 0 ]; do
    enter=
    [ "$1" = - ] || enter="nsenter --net=/run/netns/$1 --"
    $enter timeout "$limit" tcpdump -n -Z root -i "$2" -w /dev/null >"$dir/$i.err" 2>&1 &
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

/** Seconds after which it ends by itself. */
const LIMIT = 600;

/**
 * Do something while devices are in promiscuous mode.
 * @returns what was done, and the ids of the devices that could not be put into it
 */
export async function whilePromiscuous<T>(
  devices: readonly Hop[],
  hosts: Hosts,
  use: () => Promise<T>,
): Promise<{ readonly result: T; readonly failures: ReadonlySet<string> }> {
  const folder = `/run/patchlab-verify.${randomUUID()}`;
  const machines = [...new Set(devices.map((hop) => hop.where.host))];
  try {
    const failures = await Promise.all(
      machines.map(async (host) => {
        const here = devices.filter((hop) => hop.where.host === host);
        const args = here.flatMap((hop) => [hop.where.netns ?? '-', hop.device]);
        const argv = shell(START_LISTENING, folder, String(LIMIT), ...args);
        const result = await hosts
          .at({ host })
          .run({ argv, timeout: 60_000 })
          .catch(() => undefined);
        const said = result?.stdout.split('\n') ?? [];
        return here.flatMap(({ id }, index) => (said[index] === 'ok' ? [] : [id]));
      }),
    );
    return { result: await use(), failures: new Set(failures.flat()) };
  } finally {
    const stop = { argv: shell(STOP, folder), timeout: 20_000 };
    await Promise.allSettled(machines.map((host) => hosts.at({ host }).run(stop)));
  }
}
