import { isDeepStrictEqual } from 'node:util';

/** Are two values the same once they are stored? One may have been read: without what is undefined, and its fields in another order. */
export function sameData(one: unknown, other: unknown): boolean {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)] as (string | undefined)[];
  if (a === b) return true;
  return a !== undefined && b !== undefined && isDeepStrictEqual(JSON.parse(a), JSON.parse(b));
}
