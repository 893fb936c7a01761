import type { Stored } from '../apply/state.js';
import { PatchlabError } from '../errors.js';
import { linkCalled, type Lab } from '../topology/lab.js';
import { didYouMeanLabel } from '../topology/suggest.js';
import { labsMeant } from './places.js';

/** Links of one lab that is up. */
interface FoundLinks {
  readonly stored: Stored;
  /** Their ids, each once, in the order in which they were asked for. */
  readonly links: readonly string[];
}

/** A link or an end as the lab itself calls it, without `LAB/` in front; nothing where it has none of that name. */
export function nameIn(lab: Lab, text: string): string | undefined {
  const prefix = `${lab.name}/`;
  const names = [text, ...(text.startsWith(prefix) ? [text.slice(prefix.length)] : [])];
  return names.find((name) => linkCalled(lab, name));
}

/** The links as one lab has them; nothing where it does not have them all. */
function inLab(stored: Stored, asked: readonly string[]): FoundLinks | undefined {
  const { lab } = stored;
  const found = asked.flatMap((text) => linkCalled(lab, nameIn(lab, text) ?? '')?.id ?? []);
  return found.length === asked.length ? { stored, links: [...new Set(found)] } : undefined;
}

/**
 * The lab that is up and has all of these links. A link is called by its name or by one of its ends: `link1`, `sw1:eth1-sw2:eth1`,
 * `sw1:eth1`; with `LAB/` in front where several labs have such a one.
 * @param lab - name or file of the lab that is meant
 * @throws PatchlabError `lab/unknown-place` where none has them, or several do and none is named
 */
export async function findLinks(
  asked: readonly string[],
  lab: string | undefined,
): Promise<FoundLinks> {
  const known = await labsMeant(lab);
  const found = known.flatMap((stored) => inLab(stored, asked) ?? []);
  const [first] = found;
  if (first && found.length === 1) return first;
  const what = asked.map((text) => `\`${text}\``).join(' and ');
  if (first)
    throw new PatchlabError('lab/unknown-place', {
      what: `Several labs have ${what}: ${found.map(({ stored }) => stored.lab.name).join(', ')}.`,
      fix: `Write \`${first.stored.lab.name}/${asked[0] ?? ''}\`, or say which one with --lab.`,
    });
  if (known.length === 0)
    throw new PatchlabError('lab/unknown-place', {
      what: `No lab is up that could have the link ${what}.`,
      fix: 'Build one first: `patchlab up FILE`.',
    });
  const ids = known.flatMap((stored) => stored.lab.links.map(({ id }) => id));
  const missing = asked.filter((text) => !known.some((stored) => inLab(stored, [text])));
  const [lacks] = missing;
  throw new PatchlabError('lab/unknown-place', {
    what: `${lab === undefined ? 'No lab that is up' : `Lab \`${known[0]?.lab.name ?? ''}\``} has ${lacks === undefined ? `all of ${what}` : `a link \`${lacks}\``}.`,
    fix: lacks === undefined ? 'Name links of one lab.' : didYouMeanLabel(lacks, ids),
  });
}
