import { PatchlabError } from '../errors.js';
import { shownColumns, shownLine } from '../shown.js';
import type { Problem } from './problem.js';
import type { Position, Source } from './source.js';

/** A problem with the place where it stands in the file. */
export interface LocatedProblem extends Problem {
  readonly position?: Position | undefined;
}

/** All problems of one topology, in the order in which they stand in the file. */
export class TopologyError extends PatchlabError {
  readonly file: string;
  readonly problems: readonly LocatedProblem[];

  constructor(source: Source, problems: readonly Problem[]) {
    const located = problems
      .map((problem) => ({ position: source.locate(problem), ...problem }))
      .sort((a, b) => order(a.position) - order(b.position));
    const count = located.length === 1 ? '1 problem' : `${located.length} problems`;
    super('topology/invalid', {
      what: `${source.file} has ${count}.`,
      fix: located.map((problem) => formatProblem(source, problem)).join('\n\n'),
    });
    this.file = source.file;
    this.problems = located;
  }
}

const order = (position: Position | undefined): number =>
  position ? position.line * 10_000 + position.column : 0;

/** `file:line:column`, what is wrong and why, the line with the text marked, what to write instead. */
export function formatProblem(source: Source, problem: LocatedProblem): string {
  const { position, path } = problem;
  const place = position
    ? `${shownLine(source.file)}:${position.line}:${position.column}`
    : `${shownLine(source.file)} at ${shownLine(path.join('.')) || 'the top'}`;
  const text = [`${place}: ${shownLine(problem.what)} [${problem.code}]`];
  if (position) {
    const number = String(position.line);
    text.push(
      `  ${number} | ${shownColumns(source.lines[position.line - 1] ?? '')}`,
      `  ${' '.repeat(number.length)} | ${' '.repeat(position.column - 1)}${'^'.repeat(position.length)}`,
    );
  }
  if (problem.why !== undefined) text.push(`  why: ${shownLine(problem.why)}`);
  if (problem.fix !== undefined) text.push(`  fix: ${shownLine(problem.fix)}`);
  return text.join('\n');
}
