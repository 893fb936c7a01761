import { isAlias, isCollection, isNode, isPair, type Alias, type Document, type Node } from 'yaml';
import type { Problem } from '../problem.js';
import { didYouMean } from '../suggest.js';
import { DEEPEST } from './read.js';
import type { Ranged } from './syntax.js';

/** Values that a topology may consist of once its aliases are written out. */
const MOST = 200_000;

/** What a node comes to when its aliases are written out. */
interface Extent {
  readonly values: number;
  readonly depth: number;
}

const NOTHING: Extent = { values: 0, depth: 0 };

/** Aliases of anchors that are not there or that they are themselves in, and those that make the file too large. */
export function aliasProblems(document: Document.Parsed): Ranged[] {
  const anchors = new Map<string, Extent | 'open'>();
  const problems: Ranged[] = [];
  const report = (alias: Alias.Parsed, problem: Omit<Problem, 'path'>): Extent => {
    problems.push({ range: [alias.range[0], alias.range[1]], problem: { ...problem, path: [] } });
    return NOTHING;
  };
  let spent = 0;
  let full = false;

  function aliasExtent(alias: Alias.Parsed): Extent {
    const name = alias.source;
    const extent = anchors.get(name);
    if (extent === undefined)
      return report(alias, {
        code: 'topology/alias',
        what: `There is no anchor \`&${name}\` before this alias.`,
        fix:
          anchors.size === 0
            ? 'write the value itself, or mark the first place with `&`, as in `&' +
              name +
              '`; a text that begins with `*` needs quotes'
            : () => didYouMean(name, [...anchors.keys()]),
      });
    if (extent === 'open')
      return report(alias, {
        code: 'topology/alias',
        what: `The alias \`*${name}\` stands inside of what it stands for.`,
        fix: 'write the value itself',
      });
    return extent;
  }

  function extentOf(node: unknown): Extent {
    if (!isNode(node)) return NOTHING;
    if (isAlias(node)) return tooMuch(aliasExtent(node as Alias.Parsed), node as Alias.Parsed);
    const { anchor } = node as Node & { readonly anchor?: string };
    if (anchor !== undefined) anchors.set(anchor, 'open');
    const inner = isCollection(node)
      ? node.items.flatMap((item) =>
          (isPair(item) ? [item.key, item.value] : [item]).map((part) => extentOf(part)),
        )
      : [];
    const extent = {
      values: inner.reduce((sum, { values }) => sum + values, 1),
      depth: inner.reduce((most, { depth }) => Math.max(most, depth), 0) + 1,
    };
    if (anchor !== undefined) anchors.set(anchor, extent);
    return extent;
  }

  /** The first alias that makes it too large is told, and counts for nothing from then on. */
  function tooMuch(extent: Extent, alias: Alias.Parsed): Extent {
    spent += extent.values;
    if (spent <= MOST && extent.depth <= DEEPEST) return extent;
    if (full) return NOTHING;
    full = true;
    return report(alias, {
      code: 'topology/too-large',
      what: `With \`*${alias.source}\` written out the file has more than ${MOST} values, or more than ${DEEPEST} levels.`,
      fix: 'use fewer aliases of what holds aliases; a topology in TypeScript can repeat things',
    });
  }

  extentOf(document.contents);
  return problems;
}
