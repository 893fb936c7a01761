import { LOCAL, type Owned, type Step } from '../plan/step.js';
import { THIS_HOST } from '../topology/lab.js';
import { namespaceId } from './namespace-id.js';
import type { LibvirtList, Marked } from './things/define.js';
import { thingType, thingTypes } from './things/index.js';

/**
 * What of labs is on this host, by the marks that the things themselves carry: the last resort, where nothing that is
 * stored tells of it.
 */

/** What was found, and what could not be looked at. */
export interface Marks {
  readonly found: readonly Marked[];
  /** `namespaceId` of each namespace that was found, by its name. */
  readonly namespaces: ReadonlyMap<string, string>;
}

/** Look for all that carries the mark of a lab, or of any. What does not answer is as if it held nothing. */
export const readMarks = (libvirt: LibvirtList, lab?: string): Promise<Marks> =>
  lookFor(Object.values(thingTypes), libvirt, lab);

/** Look for those that are looked for in no time: devices, and namespaces of the lab's name. */
export const readQuickMarks = (libvirt: LibvirtList, lab: string): Promise<Marks> =>
  lookFor(
    Object.values(thingTypes).filter((type) => 'isQuick' in type && type.isQuick),
    libvirt,
    lab,
  );

async function lookFor(
  types: readonly Pick<(typeof thingTypes)[keyof typeof thingTypes], 'marked'>[],
  libvirt: LibvirtList,
  lab: string | undefined,
): Promise<Marks> {
  const all = await Promise.all(types.map((type) => type.marked(lab, libvirt)));
  const found = all.flat().filter((one) => lab === undefined || one.lab === lab);
  const namespaces = found.flatMap(({ owned: { type, name } }) => {
    const id = type === 'netns' ? namespaceId(name) : undefined;
    return id === undefined ? [] : [[name, id] as const];
  });
  return { found, namespaces: new Map(namespaces) };
}

/** The step that would have made a thing, as far as it is needed to remove it. */
export function removalOf({ owned }: Marked): Step {
  const [stage, undo] = thingType(owned.type).removal(owned);
  return {
    id: `marked ${owned.type} ${owned.name}`,
    ...{ stage, lane: THIS_HOST, where: LOCAL },
    ...{ do: undo, undo, owns: owned },
    why: `${owned.name} carries the mark of the lab`,
  };
}

/** Is a thing among those that were found? */
export const isAmong = ({ found }: Pick<Marks, 'found'>, { type, name }: Owned): boolean =>
  found.some(({ owned }) => owned.type === type && owned.name === name);
