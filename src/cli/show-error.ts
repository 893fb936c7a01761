import { EXIT, messageOf, PatchlabError } from '../errors.js';
import { proseWidth, wrapText } from '../report/terminal/text.js';
import { shownLine } from '../shown.js';
import { TopologyError } from '../topology/topology-error.js';

/** Errors as the command line shows them. */

/** Lines with a label, each as wide as the terminal allows; what is no terminal gets them whole. */
const labelled = (label: string, text: string, columns: number | undefined): string =>
  text
    .split('\n')
    .map((line, index) => {
      const begin = index === 0 ? label : ' '.repeat(label.length);
      return columns === undefined ? `${begin}${line}` : wrapText(begin, line, proseWidth(columns));
    })
    .join('\n');

/** What, why, what to do. @param columns - of the terminal, if it is one */
export function formatError(error: unknown, columns?: number): string {
  if (error instanceof TopologyError)
    return `${shownLine(error.what)}\n\n${error.fix}\n\nNothing was touched.`;
  if (!(error instanceof PatchlabError)) return labelled('patchlab: ', messageOf(error), columns);
  return [
    labelled('error: ', `${error.what} [${error.code}]`, columns),
    ...(error.why === undefined ? [] : [labelled('  why: ', error.why, columns)]),
    labelled('  fix: ', error.fix, columns),
    ...error.others.map((other) => labelled('  also: ', causeOf(other), columns)),
  ].join('\n');
}

/** What happened besides, and why. */
const causeOf = (other: unknown): string =>
  other instanceof PatchlabError && other.why !== undefined
    ? `${other.what} ${other.why}`
    : messageOf(other);

/** The same for machines: `{ error: { code, exit, what, why, fix, problems } }`. */
export function jsonError(error: unknown): object {
  const exit = exitCodeOf(error);
  if (!(error instanceof PatchlabError)) return { error: { exit, what: messageOf(error) } };
  const { code, what, why, fix } = error;
  const others = error.others.map(causeOf);
  if (!(error instanceof TopologyError)) return { error: { code, exit, what, why, fix, others } };
  const { file, problems, count } = error;
  return { error: { code, exit, what, file, count, problems } };
}

/** The exit code that an error stands for; what patchlab did not foresee means that it could not find out. */
export function exitCodeOf(error: unknown): number {
  const code = (error as { exitCode?: unknown } | null)?.exitCode;
  return typeof code === 'number' ? code : EXIT.unknown;
}
