import type { Hop } from '../../hops/types.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { FrameStore } from './frame-store.js';
import { lookAlong } from './look.js';
import { hostNameOf } from '../../where.js';

type Sights = Parameters<typeof lookAlong>[1];

/** Captures on one machine that say the same without having seen anything are wrong together; one may be right alone. */
const AT_LEAST = 2;

/**
 * Captures that work by their own account and see nothing. Some frames passed them all, for they were seen further on by
 * captures of other machines; none on their own machine has seen any of them, nor anything else so far.
 * @returns why they say nothing, by the hop's id
 */
export function blindCaptures(
  checks: readonly PreparedCheck[],
  context: Sights,
): ReadonlyMap<string, string> {
  const passed = new Map<string, Map<string, Hop>>();
  for (const { hop } of checks.flatMap((check) => missedOnTheWay(check, context))) {
    const host = hostNameOf(hop.where);
    passed.set(host, (passed.get(host) ?? new Map<string, Hop>()).set(hop.id, hop));
  }
  const hops = checks.flatMap((check) => check.hops);
  return new Map(
    [...passed].flatMap(([host, missed]) => {
      const here = hops.filter(({ where }) => hostNameOf(where) === host);
      if (missed.size < AT_LEAST || here.some(({ id }) => hasSeen(id, context.frames))) return [];
      return here.map(({ id, label }) => [id, blind(label, host)] as const);
    }),
  );
}

const hasSeen = (hop: string, frames: FrameStore): boolean => frames.all(hop).length > 0;

const blind = (label: string, host: string): string =>
  `tcpdump on ${label}: no capture on ${host} saw anything, not even frames that were seen further on: they do not work.`;

/** Hops with a capture that did not see a frame which another machine saw later. */
function missedOnTheWay(check: PreparedCheck, context: Sights): readonly { readonly hop: Hop }[] {
  const { course, seen: all } = lookAlong(check, context);
  return all.flatMap((seen, leg) => {
    const path = check.probe.courses[course]?.[leg]?.path ?? [];
    const last = seen.lastIndexOf(true);
    const end = path[last];
    if (!end) return [];
    return path
      .slice(0, last)
      .flatMap((hop, at) =>
        seen[at] === false && hostNameOf(hop.where) !== hostNameOf(end.where) ? [{ hop }] : [],
      );
  });
}
