/** HTML and SVG whose every inserted value is escaped, so that no text of a topology can become markup. */

/** Text that is markup already. Made by `markup` only. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Inserted = Markup | string | number | undefined | null | false | readonly Inserted[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML 1.0 does not allow even as a reference (section 2.2): most control characters, and halves of pairs. */

const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text without the characters that XML has no way to write; a replacement character stands for each. */
export const printable = (text: string): string => text.replaceAll(FORBIDDEN, '\ufffd');

/** Text as it stands in HTML and XML, in elements and in quoted attributes. */
const escape = (text: string): string =>
  printable(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

function insert(value: Inserted): string {
  if (value instanceof Markup) return value.text;
  if (value === undefined || value === null || value === false) return '';
  if (typeof value === 'string') return escape(value);
  return typeof value === 'number' ? String(value) : value.map(insert).join('');
}

/** A template of HTML or SVG. Strings that it takes in are escaped; lists are joined; nothing stands for undefined, null and false. */
export const markup = (parts: TemplateStringsArray, ...values: readonly Inserted[]): Markup =>
  new Markup(parts.map((part, index) => part + insert(values[index])).join(''));
