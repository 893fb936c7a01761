import { groupBy } from '../../group-by.js';
import type { Chance, WalkEnd, WalkNode } from '../../hops/walk.js';
import { THIS_HOST } from '../../topology/lab.js';
import type { Notes } from './branch-notes.js';
import { byChance, wrapText } from './text.js';

/** The side branches of a walk as text: who else hears a frame, and where its other copies end. */

/** `✓`: the last hop takes it. `✗`: it ends there. `∞`: it goes round for ever. `·`: it goes on. */
type Mark = '✓' | '✗' | '∞' | '·';

/** Hops in a row without a fork, then how they end or where they part. */
interface Branch {
  readonly mark: Mark;
  readonly text: string;
  readonly children: readonly Branch[];
  /** What branches that are alike have in common. */
  readonly kind: string;
}

/** More branches of one fork that are alike are summed up. */
const MOST_ALIKE = 3;
/** Of those this many are shown. */
const SHOWN = 2;
/** Lines of one fork at the most. */
const MOST_LINES = 30;

/**
 * The ends that are worth a word. The stacks of the host hear nothing: the lab is kept apart from them. That a frame is not
 * for the stack of a device that hands it on is no loss.
 */
export function endsOf({ hop, children, ends }: WalkNode): readonly WalkEnd[] {
  const isAlone = children.length + ends.length === 1;
  return ends.filter((end) => {
    if (end.end === 'delivery') return hop.stack !== THIS_HOST;
    return isAlone || end.end !== 'drop' || end.to !== undefined;
  });
}

/** A hop that hands a frame on, and what becomes of it but on the way that is told anyway. */
export interface Fork {
  readonly node: WalkNode;
  /** The next hop on that way. */
  readonly told: WalkNode | undefined;
  readonly ends: readonly WalkEnd[];
}

/** Lines for what leaves the told way at a hop; none where nothing does. */
export function forkLines({ node, told, ends }: Fork, notes: Notes, width: number): string[] {
  const others = node.children.filter((child) => child !== told);
  const branches = [
    ...ends.map((end) => branchOfEnd(node, end, notes)),
    ...others.map((child) => branchFrom(child, node, notes)),
  ];
  if (branches.length === 0) return [];
  const lines = linesOf(branches, '      ', width);
  const more = lines.length - MOST_LINES;
  return [
    `    from ${node.hop.label}`,
    ...(more > 1 ? lines.slice(0, MOST_LINES) : lines),
    ...(more > 1 ? [`      and ${more} more lines: --json has all`] : []),
  ];
}

function linesOf(branches: readonly Branch[], indent: string, width: number): string[] {
  const groups = groupBy(branches, ({ kind }) => kind);
  return [...groups.values()].flatMap((alike) => {
    const shown = alike.length > MOST_ALIKE ? alike.slice(0, SHOWN) : alike;
    const more = alike.length - shown.length;
    return [
      ...shown.flatMap(({ mark, text, children }) => [
        wrapText(`${indent}${mark} `, text, width),
        ...linesOf(children, `${indent}  `, width),
      ]),
      ...(more === 0 ? [] : [`${indent}${alike[0]?.mark ?? ''} and ${more} more like these`]),
    ];
  });
}

const markOf = (ends: readonly WalkEnd[], isLast: boolean): Mark => {
  if (ends.some(({ end }) => end === 'delivery')) return '✓';
  return isLast && ends.every(({ end }) => end === 'drop' || end === 'nobody') ? '✗' : '·';
};

/** A hop in the words of a line, with its tag where that has changed. */
function nameOf({ hop, frame, chance }: WalkNode, before: WalkNode, notes: Notes): string {
  const [tag, was] = [frame, before.frame].map(({ vlans }) => vlans.map(({ id }) => id).join('.'));
  const changed = tag === was ? '' : tag ? ` (now vlan ${tag})` : ' (now without a tag)';
  return `${hop.label}${changed}${luck(chance, [before.hop], notes)}`;
}

const luck = (chance: Chance | undefined, at: readonly WalkNode['hop'][], notes: Notes): string =>
  chance ? ` (${byChance(chance.probability)} ${notes.refer(chance, at)})` : '';

/** The branch that begins with a node: as far as it leads on one way only, then what it parts into. */
function branchFrom(first: WalkNode, before: WalkNode, notes: Notes): Branch {
  const names = [nameOf(first, before, notes)];
  const kinds = [first.hop.kind];
  let node = first;
  let ends = endsOf(node);
  for (let [next] = node.children; next && node.children.length === 1; [next] = node.children) {
    if (ends.length > 0) break;
    names.push(nameOf(next, node, notes));
    kinds.push(next.hop.kind);
    node = next;
    ends = endsOf(node);
  }
  const mark = markOf(ends, node.children.length === 0);
  const last = [...new Set(ends.map((end) => wordsOf(node, end, notes)))];
  const isWhole = mark === '✗' && last.length === 1;
  const inner = [
    ...ends
      .filter(({ end }) => !isWhole && end !== 'delivery')
      .map((end) => branchOfEnd(node, end, notes)),
    ...node.children.map((child) => branchFrom(child, node, notes)),
  ];
  const told = isWhole || mark === '✓' ? last.filter((words) => words !== '').slice(0, 1) : [];
  const tag = node.frame.vlans.map(({ id }) => id).join('.');
  const kind = [mark, ...kinds, tag, ...told, ...inner.map((branch) => branch.kind)].join('\0');
  return { mark, text: [names.join(' > '), ...told].join(' '), children: inner, kind };
}

/** What is behind the name of the hop where a branch ends. */
function wordsOf({ hop }: WalkNode, end: WalkEnd, notes: Notes): string {
  if (end.end === 'drop') return notes.refer(end.cause, [hop, end.to]);
  if (end.end === 'delivery') return luck(end.chance, [hop], notes).trim();
  return end.end === 'nobody' ? 'hands it to nobody' : '';
}

const ENDS = {
  copy: ['·', 'hears another copy'],
  loop: ['∞', 'has had it: it goes round for ever'],
} as const;

/** An end as a branch of its own, beside others. */
function branchOfEnd(node: WalkNode, end: WalkEnd, notes: Notes): Branch {
  const { hop } = node;
  const words = wordsOf(node, end, notes);
  if (end.end === 'copy' || end.end === 'loop') {
    const [mark, text] = ENDS[end.end];
    return { mark, text: `${end.to.label} ${text}`, children: [], kind: end.end };
  }
  const mark = end.end === 'delivery' ? '✓' : '✗';
  const name =
    end.end === 'drop' ? (end.to?.label ?? `the stack of ${hop.label}`) : `${hop.label} itself`;
  return { mark, text: `${name} ${words}`.trim(), children: [], kind: `${end.end}\0${words}` };
}
