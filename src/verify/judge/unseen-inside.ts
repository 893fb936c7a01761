import { isClosed } from '../../hops/closed.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { Observation } from '../run/observation.js';

/** What was seen of a frame that goes into a guest without an agent; nothing where none does. */
export function unseenInside(
  legs: PreparedCheck['legs'],
  seen: Observation['seen'],
): string | undefined {
  const index = legs.findLastIndex(({ to }, leg) => isClosed(to) && seen[leg]?.includes(true));
  const { name, path, to } = legs[index] ?? {};
  const last = path?.[seen[index]?.lastIndexOf(true) ?? -1]?.label;
  if (!to || last === undefined) return undefined;
  return `The ${name} was seen as far as ${last}; nobody can look inside ${to.stack}: it has no agent.`;
}
