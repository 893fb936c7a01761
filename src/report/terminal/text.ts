/** Texts for a terminal. */

/** The widest text that is still read with ease. */
const PROSE_WIDTH = 100;

/** Columns for prose: those of the terminal, unless there are too many to read or it is none. */
export const proseWidth = (columns: number | undefined): number =>
  Math.min(PROSE_WIDTH, columns ?? PROSE_WIDTH);

/**
 * Break text at word ends.
 * @param first - begins the first line; later lines are indented by its width
 * @param width - columns
 */
export function wrapText(first: string, text: string, width = PROSE_WIDTH): string {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const glue = line === first || line === indent ? '' : ' ';
    if (glue !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line += glue + word;
  }
  return [...lines, line].join('\n');
}

/** Rows of cells, each column as wide as the widest of its cells. */
export function inColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Words written from the top down, a column each with a blank between, their ends in the last line. */
export function upright(words: readonly string[]): readonly string[] {
  const height = Math.max(0, ...words.map((word) => word.length));
  const columns = words.map((word) => word.padStart(height));
  return Array.from({ length: height }, (_, line) =>
    columns.map((column) => column[line] ?? ' ').join(' '),
  );
}

/** How often chance lets something pass: 1 in N, or so many in a hundred. */
export const odds = (probability: number): string =>
  probability > 0.5
    ? `${Number((100 * probability).toFixed(2))} in 100`
    : `1 in ${Math.round(1 / probability)}`;

/** The same where nobody may know. */
export const byChance = (probability: number | undefined): string =>
  probability === undefined ? 'not certain' : `by chance, ${odds(probability)}`;
