import { readLab } from '../apply/list.js';
import { storedNames, type Stored } from '../apply/state.js';
import { PatchlabError } from '../errors.js';
import type { NodeInside } from '../nodes/define.js';
import type { LabNode, Stack } from '../topology/lab.js';
import { didYouMean } from '../topology/suggest.js';
import { labNameOf, storedLab } from './target.js';

/** What `--lab` says in every command that takes a node. */
export const labOption = {
  lab: {
    type: 'string',
    describe: 'Lab or its file, where several have such a node; `LAB/NODE` says the same',
    takes: 'lab',
  },
} as const;

/** Places in one lab that is up, without the lab's name in front. */
export interface Places {
  readonly stored: Stored;
  /** `sw1:eth1`, `sw1`, `sw1/c1`, in the order in which they were asked for. */
  readonly places: readonly string[];
}

interface Stacked {
  readonly node: LabNode;
  readonly stack: Stack;
}

/** All network stacks of a lab, with the nodes that they belong to. */
const stacksOf = ({ lab }: Stored): readonly Stacked[] =>
  lab.nodes.flatMap((node) => node.stacks.map((stack) => ({ node, stack })));

/** The stack that a place is in; more than one colon is none of a place, but of a link's ends. */
const stackOf = (place: string): string => {
  const [stack = '', , more] = place.split(':');
  return more === undefined ? stack : place;
};

/** The places as one lab names them; nothing where it does not have them all. */
function inLab(stored: Stored, asked: readonly string[]): Places | undefined {
  const ids = new Set(stacksOf(stored).map(({ stack }) => stack.id));
  const prefix = `${stored.lab.name}/`;
  const places = asked.map((place) =>
    !ids.has(stackOf(place)) && place.startsWith(prefix) ? place.slice(prefix.length) : place,
  );
  return places.every((place) => ids.has(stackOf(place))) ? { stored, places } : undefined;
}

/**
 * The lab that is up and has all of these places: `sw1:eth1`, `sw1`, `sw1/c1`, or `LAB/sw1` where several labs have such a node.
 * @param lab - name or file of the lab that is meant
 * @throws PatchlabError `lab/unknown-node` where none has them, or several do and none is named
 */
export async function findPlaces(
  asked: readonly string[],
  lab: string | undefined,
): Promise<Places> {
  const known = await labsMeant(lab);
  const found = known.flatMap((stored) => inLab(stored, asked) ?? []);
  const [first] = found;
  if (first && found.length === 1) return first;
  const wanted = [...new Set(asked.map(stackOf))];
  const what = wanted.map((name) => `\`${name}\``).join(' and ');
  if (first) {
    const names = found.map(({ stored }) => stored.lab.name);
    throw new PatchlabError('lab/unknown-node', {
      what: `Several labs have ${what}: ${names.join(', ')}.`,
      fix: `Write \`${first.stored.lab.name}/${wanted[0] ?? ''}\`, or say which one with --lab.`,
    });
  }
  if (known.length === 0)
    throw new PatchlabError('lab/unknown-node', {
      what: `No lab is up that could have ${what}.`,
      fix: 'Build one first: `patchlab up FILE`.',
    });
  const ids = [...new Set(known.flatMap(stacksOf).map(({ stack }) => stack.id))];
  const missing = wanted.filter((id) => !ids.includes(id));
  const lacks = (missing.length > 0 ? missing : wanted).map((id) => `\`${id}\``);
  demandNoLink(known, missing);
  throw new PatchlabError('lab/unknown-node', {
    what: `${lab === undefined ? 'No lab that is up' : `Lab \`${known[0]?.lab.name ?? ''}\``} has ${lacks.join(' and ')}.`,
    fix: missing.length > 0 ? didYouMean(missing[0] ?? '', ids) : 'Name places of one lab.',
  });
}

/** @throws PatchlabError `lab/unknown-node` where a link was named instead of one of its ends */
function demandNoLink(labs: readonly Stored[], asked: readonly string[]): void {
  const link = labs.flatMap(({ lab }) => lab.links).find(({ id }) => asked.includes(id));
  if (link)
    throw new PatchlabError('lab/unknown-node', {
      what: `\`${link.id}\` is a link.`,
      fix: `Name a place at one of its ends: ${link.ends.map(({ port }) => `\`${port.ref}\``).join(', ')}.`,
    });
}

/** The lab that is named, or all that are up. @param lab - name or file */
export async function labsMeant(lab: string | undefined): Promise<readonly Stored[]> {
  if (lab !== undefined) return [await storedLab(await labNameOf(lab))];
  const labs = await Promise.all((await storedNames()).map(readQuietly));
  return labs.flatMap((stored) => stored ?? []);
}

/** A lab whose files are damaged hides no other. */
const readQuietly = (name: string): Promise<Stored | undefined> =>
  readLab(name).catch(() => undefined);

/** How one gets into a node's own stack where that is not all of the node. */
export async function insideNode(
  { lab }: Stored,
  node: LabNode,
  stack: Stack,
): Promise<NodeInside | undefined> {
  // What knows of all kinds is large.
  return (await import('../topology/kinds.js')).insideOf(lab.name, node, stack);
}

/** The one stack that is meant. @throws PatchlabError `lab/unknown-node` */
export async function findStack(
  ref: string,
  lab: string | undefined,
): Promise<Stacked & { readonly stored: Stored }> {
  const { stored, places } = await findPlaces([ref], lab);
  const found = stacksOf(stored).find(({ stack }) => stack.id === places[0]);
  if (found) return { ...found, stored };
  throw new PatchlabError('lab/unknown-node', {
    what: `\`${ref}\` is a port, not a node.`,
    fix: `Write \`${stackOf(ref)}\`.`,
  });
}
