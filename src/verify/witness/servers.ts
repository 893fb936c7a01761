import { INTO } from '../../apply/hosts/into.js';
import type { Host } from '../../apply/hosts/define.js';
import type { Server } from '../../probes/define.js';
import { GROUP, shell, startTime, WORDS } from '../run/scripts.js';

/** Programs that listen at ports while a verification runs, so that probes have somebody to talk to. */

/** Arguments after those of `GROUP`: for each its number, namespace, the number of its arguments, the argument array. */
const SERVERS = `${GROUP}${INTO}
while [ $# -gt 0 ]; do
  number=$1 netns=$2 count=$3
  shift 3
  ${WORDS}
  into "$netns"
  eval "exec $at $words" >"$dir/server.$number" 2>&1 &
  echo $! >"$dir/server.$number.pid"
  shift "$count"
done
wait
`;

/**
 * Start servers and wait until they listen. Arguments: folder, seconds, how many servers, for each table and port (four digits,
 * hexadecimal), then what `SERVERS` takes. Prints a line for each: `ok`, or what it said last. A socket of the server's own shows
 * in proc_net(5) with the port and state 0A (it listens) or 07 (UDP).
 */
const START = `
dir=$1 seconds=$2 servers=$3
shift 3
wanted=
while [ "$servers" -gt 0 ]; do
  wanted="$wanted $1:$2"
  servers=$((servers - 1))
  shift 2
done
setsid /bin/sh -c '${SERVERS.replaceAll("'", "'\\''")}' servers servers "$dir" "$seconds" "$@" </dev/null >/dev/null 2>&1 &
listens() {
  read -r pid <"$dir/server.$number.pid" && own=$(ls -l "/proc/$pid/fd") || return 1
  while read -r _ local _ state _ _ _ _ _ inode _; do
    case "$local $state $own" in
      *":$port 0A "*"socket:[$inode]"* | *":$port 07 "*"socket:[$inode]"*) return 0 ;;
    esac
  done <"/proc/$pid/net/$table"
  return 1
}
number=0
for one in $wanted; do
  table=\${one%:*} port=\${one#*:} tries=400
  until listens 2>/dev/null || [ $tries -eq 0 ]; do
    tries=$((tries - 1))
    if [ -s "$dir/server.$number" ]; then tries=0; else sleep 0.02; fi
  done
  if listens 2>/dev/null; then echo ok; else tail -n 1 "$dir/server.$number" | cut -c 1-300 | grep . || echo 'it does not listen'; fi
  number=$((number + 1))
done
`;

/** One server's name: its stack and device, table and port. */
export const serverName = ({ stack, table, port, device = '' }: Server): string =>
  `${stack.id}:${device} ${table} ${port}`;

/**
 * Start the servers of a machine; checks that want the same share one.
 * @returns why they do not listen, by `serverName`; nothing for those that do
 * @throws PatchlabError when the machine cannot be reached
 */
export async function startServers(
  host: Host,
  folder: string,
  wanted: readonly Server[],
  limit: number,
): Promise<ReadonlyMap<string, string>> {
  const servers = [...new Map(wanted.map((one) => [serverName(one), one])).values()];
  if (servers.length === 0) return new Map();
  const tables = servers.flatMap(({ table, port }) => [
    table,
    port.toString(16).toUpperCase().padStart(4, '0'),
  ]);
  const words = servers.flatMap(({ stack, argv }, index) => [
    ...[String(index), stack.where.netns ?? '-', String(argv.length)],
    ...argv,
  ]);
  const { stdout } = await host.run({
    argv: shell(START, folder, String(limit), String(servers.length), ...tables, ...words),
    timeout: startTime(servers.length),
  });
  const lines = stdout.split('\n');
  return new Map(
    servers.flatMap((one, index) =>
      lines[index] === 'ok'
        ? []
        : [
            [
              serverName(one),
              `\`${one.argv[0] ?? ''}\` does not listen at port ${one.port} of ${one.stack.id}: ${lines[index] ?? ''}`,
            ],
          ],
    ),
  );
}
