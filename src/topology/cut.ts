import type { Lab } from './lab.js';

/** Links whose cable is pulled: no carrier at any of its ends. */

/** Ids of the links of a lab that are cut, in its order. */
export const cutIn = ({ links }: Pick<Lab, 'links'>): readonly string[] =>
  links.flatMap(({ id, isCut }) => (isCut === true ? [id] : []));

/** The same lab with these of its links cut, and no others. Pure. */
export function withCuts(lab: Lab, ids: readonly string[]): Lab {
  if (cutIn(lab).join('\0') === ids.join('\0')) return lab;
  const links = lab.links.map(({ isCut: _, ...link }) =>
    ids.includes(link.id) ? { ...link, isCut: true as const } : link,
  );
  return { ...lab, links };
}
