import type { Hosts } from '../../apply/hosts/define.js';
import type { Join } from '../../probes/define.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { Stack } from '../../topology/lab.js';
import { shell } from './scripts.js';

/**
 * Join groups on devices, and print a line `DEVICE GROUP` for each that was not joined before. Arguments: device and
 * group, device and group, ... What a device has joined by hand is `static` in ip-maddress(8).
 */
const JOIN = `
while [ $# -gt 0 ]; do
  ip maddress show dev "$1" | grep -q "link *$2 .*static" ||
    { ip maddress add "$2" dev "$1" && echo "$1 $2"; }
  shift 2
done
`;

/** Leave groups again. Arguments: device and group, device and group, ... */
const LEAVE = `
while [ $# -gt 0 ]; do
  ip maddress del "$2" dev "$1"
  shift 2
done
`;

/** Milliseconds for a script; a guest under emulation is slow. */
const TIME = 60_000;

/**
 * Let the receivers of some checks join the groups that the frames go to, as the programs that take such frames do,
 * for as long as `use` runs. What was joined before stays joined. Whoever cannot join hears nothing, and
 * the captures tell.
 */
export async function withJoins<T>(
  checks: readonly PreparedCheck[],
  hosts: Hosts,
  use: () => Promise<T>,
): Promise<T> {
  const joined = await Promise.all(
    byStack(checks.flatMap(({ probe }) => probe.joins ?? [])).map(async ([stack, pairs]) => {
      const stdout = await run(stack, JOIN, pairs, hosts);
      return [stack, new Set(stdout.split('\n').filter((line) => line !== ''))] as const;
    }),
  );
  try {
    return await use();
  } finally {
    // A stack that is gone has taken its memberships with it.
    await Promise.all(joined.map(([stack, pairs]) => run(stack, LEAVE, pairs, hosts)));
  }
}

/** `DEVICE GROUP`, each once, by stack. */
function byStack(joins: readonly Join[]): readonly (readonly [Stack, ReadonlySet<string>])[] {
  const stacks = new Map<string, readonly [Stack, Set<string>]>();
  for (const { stack, device, group } of joins) {
    const entry = stacks.get(stack.id) ?? ([stack, new Set<string>()] as const);
    entry[1].add(`${device} ${group}`);
    stacks.set(stack.id, entry);
  }
  return [...stacks.values()];
}

/** @returns what the script printed; nothing where it could not be run */
async function run(
  { where }: Stack,
  script: string,
  pairs: ReadonlySet<string>,
  hosts: Hosts,
): Promise<string> {
  if (pairs.size === 0) return '';
  const argv = shell(script, ...[...pairs].flatMap((pair) => pair.split(' ')));
  try {
    const { stdout } = await hosts.at(where).run({ argv, netns: where.netns, timeout: TIME });
    return stdout;
  } catch {
    return '';
  }
}
