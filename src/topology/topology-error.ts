import { PatchlabError } from '../errors.js';
import { shownLine } from '../shown.js';
import { excerpt } from './excerpt.js';
import { fixOf, type Problem } from './problem.js';
import type { Position, Source } from './source.js';

/** Something to say of a topology, with the place where it stands in the file. */
export interface Located {
  readonly position?: Position | undefined;
  readonly path: Problem['path'];
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;
}

/** A problem with the place where it stands in the file, and what to do. */
export interface LocatedProblem extends Located {
  readonly code: Problem['code'];
  readonly fix: string;
}

/** Problems of a file that are shown; whoever has more mends these first. */
const MOST = 50;

/** The problems of one topology, the first ones in the order in which they stand in the file. */
export class TopologyError extends PatchlabError {
  readonly file: string;
  readonly problems: readonly LocatedProblem[];
  /** How many there are, of which `problems` holds the first. */
  readonly count: number;

  /** @param problems - those with a position stand there, the others where their path leads */
  constructor(
    source: Source,
    problems: readonly (Problem & { readonly position?: Position | undefined })[],
  ) {
    const first = problems
      .map((problem) => ({ position: problem.position ?? source.locate(problem), ...problem }))
      .sort((a, b) => order(a.position, b.position))
      .slice(0, MOST)
      .map((problem) => ({ ...problem, fix: fixOf(problem) }));
    const more = problems.length - first.length;
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super('topology/invalid', {
      what: `${source.file} has ${count}${more > 0 ? `; these are the first ${MOST}` : ''}.`,
      fix: [
        ...first.map((problem) => formatProblem(source, problem)),
        ...(more > 0 ? [`... and ${more} more, which mostly come of these.`] : []),
      ].join('\n\n'),
    });
    this.file = source.file;
    this.problems = first;
    this.count = problems.length;
  }
}

const order = (a: Position | undefined, b: Position | undefined): number =>
  (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);

/** `file:line:column`, what is wrong and why, the line with the text marked, what to write instead. */
export function formatProblem(
  source: Source,
  problem: Located & { readonly code?: Problem['code'] },
): string {
  const { position, path, code, what, why, fix } = problem;
  const place = position
    ? `${shownLine(source.file)}:${position.line}:${position.column}`
    : `${shownLine(source.file)} at ${shownLine(path.join('.')) || 'the top'}`;
  const text = [
    `${place}: ${code === undefined ? `warning: ${shownLine(what)}` : `${shownLine(what)} [${code}]`}`,
  ];
  if (position)
    text.push(...excerpt(source.line(position.line), position).map((line) => `  ${line}`));
  if (why !== undefined) text.push(`  why: ${shownLine(why)}`);
  if (fix !== undefined) text.push(`  fix: ${shownLine(fix)}`);
  return text.join('\n');
}
