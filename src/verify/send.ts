import type { Hosts } from '../apply/hosts/define.js';
import { messageOf, PatchlabError } from '../errors.js';
import type { Invocation } from '../probes/define.js';

/** Exit codes by which a shell, timeout(1) and nsenter(1) say that there is no such program. */
const NOT_RUN = new Set([126, 127]);

/**
 * Run a program of a probe to its end.
 * @returns why it could not be run, if it could not; what it found is for the captures to say
 * @throws the reason of the signal when it is aborted
 */
export async function send(
  { stack, argv, timeout }: Invocation,
  hosts: Hosts,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { host, netns } = stack.where;
  try {
    const result = await hosts.at({ host }).run({ argv, netns, timeout, signal });
    if (!NOT_RUN.has(result.exitCode)) return undefined;
    return `\`${argv[0] ?? ''}\` cannot be run in ${stack.id}: ${result.stderr.trim()}`;
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof PatchlabError && error.why !== undefined ? ` ${error.why}` : '';
    return `${stack.id}: ${messageOf(error)}${why}`;
  }
}
