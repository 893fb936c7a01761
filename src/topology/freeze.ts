/** Freeze a value and all that it holds. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    // Of a list `in` would make a text of each index.
    if (Array.isArray(value)) value.forEach(deepFreeze);
    else for (const key in value) deepFreeze(value[key]);
  }
  return value;
}
