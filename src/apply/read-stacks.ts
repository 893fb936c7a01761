import { groupBy } from '../group-by.js';
import type { Stack } from '../topology/lab.js';
import { messageOf, PatchlabError } from '../errors.js';
import type { Hosts } from './hosts/define.js';
import { parseIpDevices, type IpDevice } from './ip-devices.js';

/** Print the devices of each namespace (`-` for the machine's own) as JSON after a line with an equals sign; nothing where it is not there. */
const READ_DEVICES = `
by=$(command -v nsenter)
for netns; do
  echo =
  if [ "$netns" = - ]; then ip -d -j addr
  elif [ -n "$by" ]; then nsenter --net="/run/netns/$netns" -- ip -d -j addr
  else ip -n "$netns" -d -j addr
  fi 2>/dev/null
done
`;

/** The devices that a stack really has, or why they could not be read. */
export type StackReading = { readonly devices: readonly IpDevice[] } | { readonly why: string };

type Place = Pick<Stack, 'id' | 'where'>;

/** Look at the devices of stacks, by one command on each machine. @returns a reading for each, by its id */
export async function readStacks(
  stacks: readonly Place[],
  hosts: Hosts,
): Promise<ReadonlyMap<string, StackReading>> {
  const byHost = groupBy(stacks, ({ where }) => where.host);
  const read = await Promise.all([...byHost].map(([host, here]) => readHost(host, here, hosts)));
  return new Map(read.flat());
}

async function readHost(
  host: string,
  here: readonly Place[],
  hosts: Hosts,
): Promise<readonly (readonly [string, StackReading])[]> {
  const all = (why: string) => here.map(({ id }) => [id, { why }] as const);
  try {
    const running = await hosts.stateOf?.({ host });
    if (running !== undefined && running !== 'running') return all(`it is ${running}`);
    const names = here.map(({ where }) => where.netns ?? '-');
    const argv = ['/bin/sh', '-c', READ_DEVICES, 'patchlab', ...names];
    const { stdout } = await hosts.at({ host }).run({ argv, timeout: 20_000 });
    const answers = stdout.split(/^=\n/m).slice(1);
    return here.map(({ id }, index) => {
      const answer = answers[index] ?? '';
      const devices = parseIpDevices(answer);
      const why = answer === '' ? 'it is not there' : 'what it says makes no sense';
      return [id, devices ? { devices } : { why }] as const;
    });
  } catch (error) {
    return all(error instanceof PatchlabError ? error.what : messageOf(error));
  }
}
