import type { Check, Lab, LabStep } from './lab.js';

/** Links whose cable is pulled: no carrier at any of their ends. */

/** What becomes of the cable of a link. */
export type Plugging = LabStep['does'];

/** Ids of the links of a lab that are cut, in its order. */
export const cutIn = ({ links }: Pick<Lab, 'links'>): readonly string[] =>
  links.flatMap(({ id, isCut }) => (isCut === true ? [id] : []));

/** The same lab with these of its links cut, and no others. Pure. */
export function withCuts(lab: Lab, ids: readonly string[]): Lab {
  const wanted = new Set(ids);
  if (lab.links.every(({ id, isCut }) => (isCut === true) === wanted.has(id))) return lab;
  const links = lab.links.map(({ isCut: _, ...link }) =>
    wanted.has(link.id) ? { ...link, isCut: true as const } : link,
  );
  return { ...lab, links };
}

/** The links that are cut once some more are cut, or plugged. */
export const cutsAfter = (
  cuts: readonly string[],
  how: Plugging,
  links: readonly string[],
): readonly string[] => [
  ...cuts.filter((id) => !links.includes(id)),
  ...(how === 'cut' ? links : []),
];

/** Checks between which nothing is done, and what is done before them. */
export interface CheckPhase {
  /** None of the first. */
  readonly step: LabStep | undefined;
  readonly checks: readonly Check[];
  /** Ids of the links that are cut meanwhile. */
  readonly cuts: readonly string[];
}

/** The checks of a lab, parted by what is done between them. Pure. */
export function phasesOf(lab: Lab): readonly CheckPhase[] {
  let cuts = cutIn(lab);
  const ends = [...lab.steps.map(({ after }) => after), lab.checks.length];
  const [first = 0] = ends;
  return [
    { step: undefined, checks: lab.checks.slice(0, first), cuts },
    ...lab.steps.map((step, index): CheckPhase => {
      cuts = cutsAfter(cuts, step.does, step.links);
      return { step, checks: lab.checks.slice(step.after, ends[index + 1]), cuts };
    }),
  ];
}
