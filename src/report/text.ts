/** Texts for a terminal. */

/**
 * Break text at word ends.
 * @param first - begins the first line; later lines are indented by its width
 * @param width - columns
 */
export function wrapText(first: string, text: string, width = 100): string {
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

/** Words written from the top down, a column each with a blank between, their ends in the last line. */
export function upright(words: readonly string[]): readonly string[] {
  const height = Math.max(0, ...words.map((word) => word.length));
  const columns = words.map((word) => word.padStart(height));
  return Array.from({ length: height }, (_, line) =>
    columns.map((column) => column[line] ?? ' ').join(' '),
  );
}
