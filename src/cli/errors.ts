import { EXIT, messageOf, PatchlabError } from '../errors.js';
import { shownLine } from '../shown.js';
import { TopologyError } from '../topology/topology-error.js';

/** Errors as the command line shows them. */

const indent = (text: string): string => text.replaceAll('\n', '\n       ');

/** What, why, what to do. */
export function formatError(error: unknown): string {
  if (error instanceof TopologyError)
    return `${shownLine(error.what)}\n\n${error.fix}\n\nNothing was touched.`;
  if (!(error instanceof PatchlabError)) return `patchlab: ${indent(messageOf(error))}`;
  return [
    `error: ${indent(error.what)} [${error.code}]`,
    ...(error.why === undefined ? [] : [`  why: ${indent(error.why)}`]),
    `  fix: ${indent(error.fix)}`,
    ...error.others.map((other) => `  also: ${indent(messageOf(other))}`),
  ].join('\n');
}

/** The same for machines: `{ error: { code, exit, what, why, fix, problems } }`. */
export function jsonError(error: unknown): object {
  const exit = exitCodeOf(error);
  if (!(error instanceof PatchlabError)) return { error: { exit, what: messageOf(error) } };
  const { code, what, why, fix } = error;
  const others = error.others.map(messageOf);
  if (!(error instanceof TopologyError)) return { error: { code, exit, what, why, fix, others } };
  return { error: { code, exit, what, file: error.file, problems: error.problems } };
}

/** The exit code that an error stands for; what patchlab did not foresee means that it could not find out. */
export function exitCodeOf(error: unknown): number {
  const code = (error as { exitCode?: unknown } | null)?.exitCode;
  return typeof code === 'number' ? code : EXIT.unknown;
}
