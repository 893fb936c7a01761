import { isRecord } from './is-record.js';

/** Are two values of plain data the same once they are stored? One may have been read: without what is undefined, and its fields in another order. */
export function sameData(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => sameData(item, other[at]));
  if (!isRecord(one) || !isRecord(other)) return false;
  return (
    Object.keys(one).every((key) => sameData(one[key], other[key])) &&
    Object.keys(other).every((key) => Object.hasOwn(one, key) || other[key] === undefined)
  );
}
