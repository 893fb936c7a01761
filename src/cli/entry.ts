import type { CliCommand } from './define.js';

/** A command as the help lists it. Its file is loaded when the command is run. */
export interface Entry {
  /** Name and positional arguments: `<needed>`, `[optional]`, `[rest..]`, `[many...]`. */
  readonly usage: string;
  readonly describe: string;
  /** Words that people write for it who know other tools. */
  readonly also?: readonly string[];
  /** It runs as whoever calls it: never in namespaces of a user who is not root. */
  readonly asIs?: true;
  readonly load: () => Promise<CliCommand<never>>;
}

/** Name of a command: the words before its arguments. */
export const nameOf = ({ usage }: Pick<Entry, 'usage'>): string => usage.replace(/ [<[].*$/, '');
