import type { LinkKind } from '../links/define.js';
import { linkKinds } from '../links/index.js';
import { PatchlabError } from '../errors.js';
import { nodeKinds } from '../nodes/index.js';
import { choicesIn } from '../topology/schema-choices.js';
import { didYouMean } from '../topology/suggest.js';

/** A setting of a link kind. */
export interface Variant {
  readonly name: string;
  /** Fields of the link, beside its kind and its ends. */
  readonly fields: object;
}

/** What a matrix of a link kind compares. */
export interface VariantSet {
  readonly kind: string;
  /** Kinds of the nodes at the two ends. */
  readonly nodes: readonly [string, string];
  readonly variants: readonly Variant[];
  /** The fields of a link between two ports. */
  between(a: string, b: string): object;
}

/**
 * The settings of a link kind that are worth comparing: those that its descriptor names, or each choice of its schema
 * by itself.
 * @throws PatchlabError `link/unknown`
 */
export function variantsOf(name: string): VariantSet {
  const kinds: readonly LinkKind[] = linkKinds;
  const kind = kinds.find((candidate) => candidate.kind === name);
  if (!kind) {
    const names = kinds.map((candidate) => candidate.kind);
    throw new PatchlabError('link/unknown', {
      what: `There is no link kind \`${name}\`.`,
      fix: didYouMean(name, names),
    });
  }
  const settings = kind.variants?.settings ?? { default: {}, ...choicesIn(kind.schema) };
  return {
    kind: name,
    nodes: kind.variants?.nodes ?? nodesFor(kind),
    variants: Object.entries(settings).map(([setting, fields]) => ({ name: setting, fields })),
    between: (a, b) => kind.variants?.between?.(a, b) ?? { ends: [a, b] },
  };
}

/**
 * A part of a set, by the names of its settings.
 * @throws PatchlabError `link/unknown` where it has no such setting
 */
export function only(set: VariantSet, names: readonly string[]): VariantSet {
  const known = set.variants.map(({ name }) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    throw new PatchlabError('link/unknown', {
      what: `A matrix of \`${set.kind}\` has no setting \`${wrong}\`.`,
      fix: didYouMean(wrong, known),
    });
  }
  return { ...set, variants: set.variants.filter(({ name }) => names.includes(name)) };
}

/** The cheapest node that a kind reaches, at both ends: a namespace where it can, else a guest. */
function nodesFor({ offers }: LinkKind): readonly [string, string] {
  const reached = nodeKinds.filter(({ accepts }) =>
    offers.some((offer) => accepts.includes(offer)),
  );
  const { kind } = reached.find(({ accepts }) => accepts.includes('netdev')) ?? reached[0] ?? {};
  if (kind === undefined) throw new RangeError('a link kind reaches no node');
  return [kind, kind];
}
