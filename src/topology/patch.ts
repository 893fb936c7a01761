import { sameData } from '../same-data.js';
import type { Lab, LabLink } from './lab.js';

/** A patch panel whose patches are moved while it is up. */

/** Ports that are cross-connected, two by two, by their references. */
export type Patches = readonly (readonly [string, string])[];

/** The patches of a panel. */
export const patchesIn = ({ ends, cables }: Pick<LabLink, 'ends' | 'cables'>): Patches =>
  cables.map(([a, b]) => [ends[a]?.port.ref ?? '', ends[b]?.port.ref ?? '']);

/** The patches once some more are made, or ports are left open. A port has one plug: what it was patched to is open then. */
export function patchesAfter(
  patches: Patches,
  made: Patches,
  open: readonly string[] = [],
): Patches {
  const taken = new Set([...made.flat(), ...open]);
  return [...patches.filter((patch) => !patch.some((ref) => taken.has(ref))), ...made];
}

/** Cables between the ends of a link, in the order of the ends; what is not one of its ports has none. */
function cablesOf({ ends }: LabLink, patches: Patches): LabLink['cables'] {
  const indexes = new Map(ends.map(({ port }, index) => [port.ref, index]));
  return patches
    .flatMap(([a, b]): LabLink['cables'] => {
      const [one, other] = [indexes.get(a), indexes.get(b)];
      return one === undefined || other === undefined
        ? []
        : [[Math.min(one, other), Math.max(one, other)]];
    })
    .toSorted(([a], [b]) => a - b);
}

/**
 * The same link with other patches than its file says. Pure.
 * @param patches - nothing where the file counts
 */
function withPatches(link: LabLink, patches: Patches | undefined): LabLink {
  const { cablesInFile, ...rest } = link;
  const inFile = cablesInFile ?? link.cables;
  const cables = patches ? cablesOf(link, patches) : inFile;
  if (sameData(cables, link.cables)) return link;
  return sameData(cables, inFile) ? { ...rest, cables } : { ...rest, cables, cablesInFile: inFile };
}

/** A lab of which links are patched otherwise. Pure. @param patches - of a link; nothing where its file counts */
export function repatched(lab: Lab, patches: (link: LabLink) => Patches | undefined): Lab {
  const links = lab.links.map((link) => withPatches(link, patches(link)));
  return links.every((link, index) => link === lab.links[index]) ? lab : { ...lab, links };
}
