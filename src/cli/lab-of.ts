import { readLab, readLabs } from '../apply/status.js';
import type { Stored } from '../apply/state.js';
import { PatchlabError } from '../errors.js';
import { didYouMean } from '../topology/suggest.js';

/**
 * The lab that is up and has all of these places (`sw1:eth1`, `sw1`, `sw1/c1`).
 * @throws PatchlabError `lab/unknown-node` where none has them, or several do and none is named
 */
export async function labOf(places: readonly string[], lab: string | undefined): Promise<Stored> {
  const labs = lab === undefined ? await readLabs() : [await readLab(lab)];
  const stacksOf = (stored: Stored): readonly string[] =>
    stored.lab.nodes.flatMap((node) => node.stacks.map(({ id }) => id));
  const wanted = places.map((place) => place.split(':')[0] ?? '');
  const found = labs.filter((stored) => wanted.every((id) => stacksOf(stored).includes(id)));
  const [first] = found;
  if (first && found.length === 1) return first;
  if (first) {
    throw new PatchlabError('lab/unknown-node', {
      what: `Several labs have ${wanted.join(' and ')}: ${found.map((one) => one.lab.name).join(', ')}.`,
      fix: 'Say which one with --lab.',
    });
  }
  const known = [...new Set(labs.flatMap(stacksOf))];
  const missing = wanted.find((id) => !known.includes(id)) ?? wanted[0] ?? '';
  throw new PatchlabError('lab/unknown-node', {
    what: `No lab that is up has ${[...new Set(wanted)].join(' and ')}.`,
    fix: didYouMean(missing, known),
  });
}
