import type { Path, Problem } from '../problem.js';
import { didYouMean } from '../suggest.js';

/** A namespace that the node does not list. */
export function unknownNamespace(
  node: string,
  namespace: string,
  known: readonly string[],
  path: Path,
  atKey: boolean,
): Problem {
  return {
    code: 'topology/unknown-namespace',
    path,
    atKey,
    what: `${node} has no inner namespace \`${namespace}\`.`,
    fix: () => didYouMean(namespace, known),
  };
}
