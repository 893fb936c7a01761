import type { Host } from '../../apply/hosts/define.js';
import { OUTLAST } from '../../apply/hosts/outlast.js';
import { messageOf } from '../../errors.js';
import { parseTrace, type KernelEvent } from './events.js';
import { instanceName, traced } from './instances.js';

/** The kernel of a machine, watched by a trace instance of its own, which changes nothing of what it watches. */
interface KernelWitness {
  /** End it, and tell what it saw where that is asked for. It never throws. */
  readonly stop: (wanted: boolean) => Promise<readonly KernelEvent[]>;
  /** Why the kernel cannot be watched; then `stop` tells nothing. */
  readonly why: string | undefined;
}

/** Seconds after which the instance ends by itself. */
const LIMIT = 900;
/** Kibibytes of events that are kept for each processor; then the oldest go. */
const BUFFER = 4096;

/**
 * Make an instance and begin. One of a process that is there no more is removed: its name ends with the number of that process,
 * after that of its namespace of numbers. A process stays that removes the instance when patchlab is killed; until it is
 * there, this script does. The shell says that its child was ended, also where nobody hears it: signal(7), SIGPIPE.
 * Arguments: name of the instance, seconds. Prints the number of the process that stays.
 */
const START = `
exec 2>&1
name=$1 limit=$2
trap '' PIPE
trap 'rmdir "$name"; exit' TERM
cd /sys/kernel/tracing/instances || exit 1
for old in "\${name%%:*}":*; do
  [ ! -d "$old" ] || [ -d "/proc/\${old##*:}" ] || rmdir "$old"
done
mkdir "$name" || exit 1
setup() {
  echo mono >trace_clock && echo ${BUFFER} >buffer_size_kb || return 1
  for event in net/net_dev_start_xmit net/netif_receive_skb skb/kfree_skb skb/consume_skb; do
    echo 1 >"events/$event/enable" || return 1
  done
}
(cd "$name" && setup) || { rmdir "$name"; exit 1; }
setsid /bin/sh -c '${OUTLAST} outlast "$2"; rmdir "$1"' sh "$name" "$limit" </dev/null >/dev/null 2>&1 &
echo "$!"
`;

/** Arguments: name of the instance, the process that stays, whether to print the events. */
const STOP_TRACE = `
cd /sys/kernel/tracing/instances || exit 1
echo 0 >"$1/tracing_on"
[ "$3" != yes ] || cat "$1/trace"
kill -s KILL -- "-$2"
rmdir "$1"
`;

/** Begin to watch the kernel of a machine. Where that cannot be, the witness says why, and tells nothing. */
export async function watchKernel(host: Host): Promise<KernelWitness> {
  const name = instanceName();
  const begun = await host
    .run({ argv: traced(START, name, String(LIMIT)), timeout: 10_000 })
    .catch((error: unknown) => ({ exitCode: 1, stdout: '', stderr: messageOf(error) }));
  const said = begun.stdout.trim();
  if (begun.exitCode !== 0)
    return { why: said || begun.stderr.trim(), stop: () => Promise.resolve([]) };
  return {
    why: undefined,
    async stop(wanted) {
      const argv = traced(STOP_TRACE, name, said, wanted ? 'yes' : 'no');
      const ended = await host.run({ argv, timeout: 60_000 }).catch(() => undefined);
      return wanted ? parseTrace(ended?.stdout ?? '') : [];
    },
  };
}
