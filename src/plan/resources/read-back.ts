import type { Resource } from './define.js';
import { resourceType } from './index.js';
import type { Look, LookQuestion } from './look.js';

/** What is to be asked to read resources back. */
export const questionsOf = (resources: readonly Resource[]): readonly LookQuestion[] =>
  resources.flatMap(
    ({ type, wanted, where }) => resourceType(type).questions?.(wanted, where) ?? [],
  );

/** What the resources of a lab really are. */
interface ReadBack {
  /** Each as it is; one that is gone, as it was wanted. */
  readonly resources: readonly Resource[];
  /** Ids of those that are not there. */
  readonly gone: ReadonlySet<string>;
}

/** Read resources in the answers to their questions. What nobody could look at, or asked for, counts as it is wanted. Pure. */
export function readBack(resources: readonly Resource[], look: Look): ReadBack {
  const gone = new Set<string>();
  const real = resources.map((one): Resource => {
    const type = resourceType(one.type);
    if (!type.read) return one;
    const wanted = type.read(one.wanted, look, one);
    if (wanted === undefined) gone.add(one.id);
    return wanted === undefined ? one : { ...one, wanted };
  });
  return { resources: real, gone };
}
