/**
 * Characters that no text of a topology may hold: they end a line of a script, move a terminal's cursor, turn the
 * direction of writing, or make XML ill-formed (XML 1.0, 2.2). Tabs and line ends are judged by the field.
 */
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/** What no text of printable ASCII holds, which is nearly every text. */
const NOT_ASCII = /[^ -~]/;

/** The first character of a text that no topology may hold, as `U+001B`. */
export function forbiddenIn(text: string): string | undefined {
  const found = NOT_ASCII.test(text) ? FORBIDDEN.exec(text)?.[0] : undefined;
  return found && `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

const EVERY_FORBIDDEN = new RegExp(FORBIDDEN.source, 'gu');

/** The text in one line, with a sign in the place of each character that could do something to a terminal. As long as the text. */
export const printable = (text: string): string =>
  NOT_ASCII.test(text)
    ? text.replaceAll(/[\t\r\n]/g, ' ').replaceAll(EVERY_FORBIDDEN, '\ufffd')
    : text;

/** The text in one line: white space of any kind and length is one space. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

/** A text of which no more than so many characters are shown. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;
