/**
 * Text of strangers, as it may be shown on a terminal: LLDP neighbours, guests, programs and files say what they like. All
 * that the command line writes goes through `shown`; what is put into a line of ours goes through `shownLine` before.
 */

/**
 * Controls (C0, DEL, C1), invisible formats (bidirectional controls, tags), separators of lines and paragraphs, halves of
 * pairs. Joiners stay: scripts need them.
 */
const UNSAFE = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** What most texts are made of wholly, which is seen at once. */
const NOT_ASCII = /[^\n\t -~]/;
/** The colours that reports have, and nothing else that a terminal would obey: ECMA-48, 8.3.117. */
const STYLE = /(\x1b\[(?:1|2|22|31|32|33|39)m)/;

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0');

/** A character as JavaScript and JSON write it. */
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${hex(character.charCodeAt(at), 4)}`,
  ).join('');

const visible = (character: string): string => {
  const code = character.charCodeAt(0);
  return character.length === 1 && code < 0x100 ? `\\x${hex(code, 2)}` : escaped(character);
};

const replaceUnsafe = (text: string, by: (character: string) => string): string =>
  NOT_ASCII.test(text) ? text.replaceAll(UNSAFE, by) : text;

/**
 * Text with nothing in it that a terminal obeys but ends of lines and tabs; the rest is written out, `\x1b`.
 * @param styled - let the colours pass that reports are painted with: what is in them went through `shownLine`
 */
export const shown = (text: string, styled = false): string =>
  styled
    ? text
        .split(STYLE)
        .map((part, index) => (index % 2 === 1 ? part : shown(part)))
        .join('')
    : replaceUnsafe(text, visible);

/** Text that cannot begin a line of its own, either. */
export const shownLine = (text: string): string =>
  shown(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');

/** The same for every text in a value that is made of lists and plain objects. */
export const shownLines = <T>(value: T): T => allShown(value) as T;

function allShown(value: unknown): unknown {
  if (typeof value === 'string') return shownLine(value);
  if (Array.isArray(value)) return value.map(allShown);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [shownLine(key), allShown(one)]),
  );
}

/** A line of a file with as many columns as it has: what cannot be shown is one sign. */
export const shownColumns = (line: string): string =>
  replaceUnsafe(line, (character) => '\ufffd'.repeat(character.length));

/** JSON with the same characters as escapes, so that a terminal obeys none, and a program reads the same value. */
export const shownJson = (json: string): string => replaceUnsafe(json, escaped);
