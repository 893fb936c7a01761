import type { Hosts } from '../../apply/hosts/define.js';
import { isClosed } from '../../hops/closed.js';
import { rulesOf } from '../../hops/kinds/index.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import { shell } from '../run/scripts.js';

/** Seconds for a port to listen and to learn, with what the kernel takes by itself: twice 15 (IEEE 802.1D-2004, 17.14). */
const LIMIT = 35;

/** Wait until no port of a bridge listens or learns any more. Arguments: seconds, how such a port looks, what tells the states. */
const AWAIT_FORWARDING = `
tries=$(($1 * 10)) unsettled=$2
shift 2
while "$@" 2>/dev/null | grep -q "$unsettled"; do
  [ $tries -gt 0 ] || exit 0
  tries=$((tries - 1))
  sleep 0.1
done
`;

/**
 * Wait until the spanning trees, bonds and handshakes on the ways of some checks have come to rest: a port hands on nothing
 * while it listens, learns or negotiates, which is no loss. What does not come to rest is for the captures to tell.
 */
export async function awaitSettled(
  checks: readonly PreparedCheck[],
  hosts: Hosts,
  signal?: AbortSignal,
): Promise<void> {
  const crossed = new Map(checks.flatMap(({ hops }) => hops.map((hop) => [hop.id, hop] as const)));
  const legs = checks.flatMap((check) => check.legs);
  const passed = new Set(
    legs
      .filter(({ prediction }) => prediction.outcome !== 'drop')
      .flatMap(({ path }) => path.map(({ id }) => id)),
  );
  await Promise.allSettled(
    [...crossed.values()].flatMap((hop) => {
      const { where, kind } = hop;
      const states = isClosed(hop) ? undefined : rulesOf(kind).settling?.(hop, passed);
      if (!states) return [];
      const argv = shell(AWAIT_FORWARDING, String(LIMIT), states.unsettled, ...states.argv);
      const timeout = (LIMIT + 20) * 1000;
      return [hosts.at(where).run({ argv, netns: where.netns, timeout, signal })];
    }),
  );
}
