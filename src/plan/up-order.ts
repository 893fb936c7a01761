import type { LocalDevice } from '../devices/define.js';
import { localText } from '../devices/local.js';
import { deviceKind } from '../topology/kinds.js';
import type { LabNode } from '../topology/lab.js';

/** Which devices of a node must be up before a device can be set up: those that it stands on, for kinds that say so. */
export function upBefore({ devices }: LabNode): (device: LocalDevice) => readonly LocalDevice[] {
  const before = new Map<string, readonly LocalDevice[]>();
  for (const spec of devices) {
    const kind = deviceKind(spec.kind);
    const lowers = (kind.lowers?.(spec as never) ?? []).filter(({ isUpFirst }) => isUpFirst);
    if (lowers.length > 0)
      for (const made of kind.makes(spec as never)) before.set(localText(made), lowers);
  }
  return (device) => before.get(localText(device)) ?? [];
}

/** Names in their order, but each behind those that must come before it. */
export function inTurn(
  names: readonly string[],
  before: (name: string) => readonly string[],
): readonly string[] {
  const all = new Set(names);
  const done = new Set<string>();
  const add = (name: string): void => {
    if (done.has(name)) return;
    for (const other of before(name)) if (all.has(other)) add(other);
    done.add(name);
  };
  for (const name of names) add(name);
  return [...done];
}
