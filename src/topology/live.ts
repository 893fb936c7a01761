import { withCuts, cutIn } from './cut.js';
import { isUnimpaired, type Impairment } from './impairment.js';
import type { Lab, LinkEnd } from './lab.js';
import { patchesIn, repatched } from './patch.js';

/** What of a lab is otherwise than its file says, because somebody has changed it while it was up. */

/** What becomes of frames that the port of an end sends; nothing where that is nothing. */
export function impairmentOf({ impair, live }: LinkEnd): Impairment | undefined {
  const impairment = live ?? impair ?? {};
  return isUnimpaired(impairment) ? undefined : impairment;
}

/** All of a lab, by the references of the ports. */
export const impairmentsIn = ({ links }: Pick<Lab, 'links'>): ReadonlyMap<string, Impairment> =>
  new Map(
    links.flatMap(({ ends }) =>
      ends.flatMap((end) => {
        const impairment = impairmentOf(end);
        return impairment ? [[end.port.ref, impairment] as const] : [];
      }),
    ),
  );

/**
 * The same lab with other impairments than its file says. Pure.
 * @param live - by the reference of the port, an empty one for none; nothing where the file counts
 */
export const withImpairments = (lab: Lab, live: (end: LinkEnd) => Impairment | undefined): Lab => {
  if (lab.links.every(({ ends }) => ends.every((end) => live(end) === end.live))) return lab;
  const links = lab.links.map((link) => ({
    ...link,
    ends: link.ends.map(({ live: was, ...end }): LinkEnd => {
      const now = live(was ? { ...end, live: was } : end);
      return now ? { ...end, live: now } : end;
    }),
  }));
  return { ...lab, links };
};

/** A lab as its file has it, whole. */
export const asInFile = (lab: Lab): Lab =>
  withImpairments(
    withCuts(
      repatched(lab, () => undefined),
      [],
    ),
    () => undefined,
  );

/** A lab with what somebody has changed of one that was built of it. */
export function asBuilt(lab: Lab, built: Lab): Lab {
  const live = new Map(
    built.links.flatMap(({ ends }) => ends.map((end) => [end.port.ref, end.live] as const)),
  );
  const patches = new Map(
    built.links.map((link) => [link.id, link.cablesInFile && patchesIn(link)] as const),
  );
  const patched = repatched(lab, ({ id }) => patches.get(id));
  return withImpairments(withCuts(patched, cutIn(built)), ({ port }) => live.get(port.ref));
}
