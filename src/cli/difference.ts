import type { Stored } from '../apply/state.js';
import { PatchlabError } from '../errors.js';
import { difference } from '../plan/resources/difference.js';
import type { Plan } from '../plan/step.js';
import { sameData } from '../same-data.js';
import type { Lab } from '../topology/lab.js';

/** Differences that are told; the rest is counted. */
const MOST = 8;

interface Named {
  readonly [key: string]: unknown;
}

/**
 * What a file has that the lab that is up has not, and the other way round, a sentence for each thing.
 * Checks are no part of what is built.
 */
export function differences(up: Lab, file: Lab): readonly string[] {
  const things = (lab: Lab): ReadonlyMap<string, Named> =>
    new Map([
      ...lab.nodes.map((node) => [`node ${node.name}`, node as unknown as Named] as const),
      ...lab.links.map(
        ({ id, kind, spec, ends }) =>
          [
            `link ${id}`,
            { kind, ...(spec as object), ends: ends.map(({ port }) => port.ref) },
          ] as const,
      ),
    ]);
  const [before, now] = [things(up), things(file)];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((name) => {
    const [old, young] = [before.get(name), now.get(name)];
    if (!old) return [`${name} is new in the file`];
    if (!young) return [`${name} is up, but not in the file`];
    const keys = changedKeys(old, young);
    return keys.length === 0 ? [] : [`${name} differs in ${keys.join(', ')}`];
  });
}

/** Fields of a node's own that its `spec` only repeats are told once. */
function changedKeys(old: Named, young: Named): readonly string[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(young)])];
  const changed = keys.filter((key) => !sameData(old[key], young[key]));
  if (!changed.includes('spec')) return changed;
  const inner = changedKeys(old.spec as Named, young.spec as Named);
  return [...new Set([...changed.filter((key) => key !== 'spec'), ...inner])];
}

/** The differences as one sentence of an error; nothing where there are none. */
export function tellDifferences(up: Lab, file: Lab): string | undefined {
  const all = differences(up, file);
  if (all.length === 0) return undefined;
  const more = all.length - MOST;
  return [...all.slice(0, MOST), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** Demand that a lab is up as its file has it. @throws PatchlabError `lab/differs`, which says what differs */
export function demandSame(stored: Stored, lab: Lab, plan: Plan, file: string): void {
  if (difference(stored.plan.resources, plan.resources).changes.length === 0) return;
  throw new PatchlabError('lab/differs', {
    what: `Lab \`${lab.name}\` is up, but not as ${file} has it.`,
    why:
      tellDifferences(stored.lab, lab) ??
      'the lab is the same; the host, its guest images or patchlab have changed since',
    fix: `Run \`patchlab up ${file}\`: it changes what differs, and leaves all else as it is.`,
  });
}
