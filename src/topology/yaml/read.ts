import { Composer, Parser, type Document, type LineCounter } from 'yaml';

/** How deep lists and mappings may lie in one another. No topology needs a tenth of it; what reads them calls itself. */
export const DEEPEST = 100;

/** What a text of YAML holds. */
export interface Read {
  readonly document: Document.Parsed | undefined;
  /** Where a second document begins. */
  readonly second: number | undefined;
  /** Where something lies too deep; nothing was read then. */
  readonly tooDeep: number | undefined;
}

/**
 * Read the one document of a text. Its tokens are looked at first: of deep ones the composer would not only run out of
 * stack, but take the whole process with it.
 */
export function readYaml(text: string, counter: LineCounter): Read {
  const tokens = [...new Parser(counter.addNewLine).parse(text)];
  const deep = tokens.map((token) => deepIn(token)).find(isObject);
  if (deep) return { document: undefined, second: undefined, tooDeep: offsetOf(deep) };
  // The library compares each key with each; `repeatedKeys` looks them up.
  const composer = new Composer({ lineCounter: counter, prettyErrors: false, uniqueKeys: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  return {
    document: document,
    second: second?.range[0],
    tooDeep: undefined,
  };
}

/** The first of what lies deeper in a token than it may. */
function deepIn(token: unknown, depth = 0): object | undefined {
  if (!isObject(token)) return undefined;
  // A list is a token with items, of which each holds a token as its key or its value.
  if (depth > 2 * DEEPEST + 2) return token;
  const { value, key, items } = token as Record<string, unknown>;
  let found = deepIn(value, depth + 1) ?? deepIn(key, depth + 1);
  if (Array.isArray(items)) for (const item of items) found ??= deepIn(item, depth + 1);
  return found;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Offset of a token, or of what stands in it. */
function offsetOf(token: object | undefined): number | undefined {
  const { offset, start, key, value } = (token ?? {}) as Record<string, unknown>;
  if (typeof offset === 'number') return offset;
  const first = Array.isArray(start) ? (start[0] as object | undefined) : undefined;
  const inner = [first, key, value].find(isObject);
  return inner && offsetOf(inner);
}
