import type { Owned } from '../plan/step.js';
import { groupBy } from '../group-by.js';
import type { LibvirtList, ThingName } from './things/define.js';
import { thingType, thingTypes, type There } from './things/index.js';

/**
 * What is really on the host, by type and name. A type that could not be read (its daemon does not answer) is undefined; one
 * that nobody asked for is empty.
 */
export type Inventory = {
  readonly [T in ThingName]: ReadonlyMap<string, There<T>> | undefined;
};

/** Read what there is of the types of things that are asked for. */
export async function readInventory(
  wanted: readonly Owned[],
  libvirt: LibvirtList,
): Promise<Inventory> {
  const byType = groupBy(wanted, ({ type }) => type);
  const read = Object.keys(thingTypes).map(async (type) => {
    const name = type as ThingName;
    const names = byType.get(name)?.map((one) => one.name);
    return [type, names ? await thingType(name).read(names, libvirt) : new Map()] as const;
  });
  return Object.fromEntries(await Promise.all(read)) as unknown as Inventory;
}
