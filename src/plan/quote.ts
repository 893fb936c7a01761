/** Quote one word for a POSIX shell; words that need no quotes stay as they are. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An argument array as one line that can be pasted into a POSIX shell. */
export function escapeCommand(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}
