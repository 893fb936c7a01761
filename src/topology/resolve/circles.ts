import { localText } from '../../devices/local.js';
import { deviceKind } from '../kinds.js';
import type { Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';

/** Devices that stand on themselves, one on the other. Paths are relative to the node's spec. */
export function circlesIn({ devices }: NodeSpec): readonly Problem[] {
  const below = new Map<string, readonly string[]>();
  for (const spec of devices) {
    const kind = deviceKind(spec.kind);
    const under = [...(kind.takes?.(spec) ?? []), ...(kind.lowers?.(spec) ?? [])];
    for (const made of kind.makes(spec)) below.set(localText(made), under.map(localText));
  }
  const told = new Set<string>();
  return devices.flatMap(({ name }, index): readonly Problem[] => {
    const way = wayBack(name, below);
    if (!way || told.has(name)) return [];
    for (const one of way) told.add(one);
    return [
      {
        code: 'topology/device-circle',
        path: ['devices', index, 'name'],
        what: `\`${name}\` stands on itself: ${[...way, name].map((one) => `\`${one}\``).join(' on ')}.`,
      },
    ];
  });
}

/** From a device over those below it back to itself. */
function wayBack(
  start: string,
  below: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const ways: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  // A list that grows while it is walked.
  for (const way of ways) {
    for (const next of below.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return way;
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}
