import { quote } from '../plan/quote.js';

/**
 * A command in a terminal of its own: script(1) takes the text of a shell.
 * @param before - what that shell does first
 */
export const withTerminal = (argv: readonly string[], before = ''): readonly string[] => [
  'script',
  '-qec',
  `${before}exec ${argv.map(quote).join(' ')}`,
  '/dev/null',
];
