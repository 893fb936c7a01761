import { printable } from '../topology/characters.js';

/** Quote one word for a POSIX shell; words that need no quotes stay as they are. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An argument array as one line that can be pasted into a POSIX shell. */
export function escapeCommand(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

/** A comment of one line, whatever the text. */
export const comment = (text: string): string => `# ${printable(text)}`.trimEnd();

/**
 * A command with text for its standard input. The text ends at a word that no line of it is, and nothing in it means
 * anything to the shell.
 */
export function withInput(command: string, text: string): readonly string[] {
  const whole = `\n${text}\n`;
  let end = 'EOF';
  for (let count = 2; whole.includes(`\n${end}\n`); count += 1) end = `EOF${count}`;
  return [`${command} <<'${end}'`, ...(text === '' ? [] : [text.replace(/\n$/, '')]), end];
}
