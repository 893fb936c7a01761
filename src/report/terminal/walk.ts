import { nodesOf, type WalkNode } from '../../hops/walk.js';
import type { LegWalk } from '../../probes/walks.js';
import { createNotes } from './branch-notes.js';
import { endsOf, forkLines } from './branches.js';
import { proseWidth, wrapText } from './text.js';
import { trunkOf, wayOf, type ToldWay } from './told-way.js';
import { causeLines, travelLines } from './travel.js';

/** Predicted frames, hop by hop, laid out as traced ones are. */

/** The frames of one check. */
export interface ToldWalks {
  /** The probe and its variant, in words. */
  readonly what: string;
  readonly walks: readonly LegWalk[];
  /** Names of the frames that are never sent, since one before them is lost. */
  readonly unsent: readonly string[];
  /** Who may be the first to answer as well, so that the rest would go there. */
  readonly rivals: readonly string[];
  /** No other end was named: everybody is asked about. */
  readonly isOpen: boolean;
}

/** Each frame as text: its way, its end, its side branches. @param columns - of the terminal, if it is one */
export function formatWalks(
  lab: string,
  { what, walks, unsent, rivals, isOpen }: ToldWalks,
  columns?: number,
): string {
  const width = proseWidth(columns);
  const blocks = walks.map(({ leg, root }) => {
    const ends = isOpen ? leg.from.label : `${leg.path[0]?.label} > ${leg.path.at(-1)?.label}`;
    const title = wrapText('', `${lab}: ${what} (${leg.name}) ${ends}`, width);
    const way = isOpen ? trunkOf(root) : wayOf({ leg, root });
    return [title, ...walkLines(root, way, columns)].join('\n');
  });
  const never = `Never sent: ${unsent.join(', ')}.`;
  const first = `${rivals.join(', ')} may answer as well: the first answer counts, and what follows goes to whom it names.`;
  return [
    ...blocks,
    ...(unsent.length === 0 ? [] : [wrapText('', never, width)]),
    ...(rivals.length === 0 ? [] : [wrapText('', first, width)]),
  ].join('\n\n');
}

function walkLines(root: WalkNode, way: ToldWay, columns: number | undefined): readonly string[] {
  const width = proseWidth(columns);
  const { nodes, why } = way;
  const notes = createNotes(why);
  const forks = nodes.flatMap((node, index) => {
    const ends = endsOf(node).filter((end) => !way.isTold(node, end));
    return forkLines({ node, told: nodes[index + 1], ends }, notes, width);
  });
  return [
    ...travelLines(way.hops, columns),
    ...way.ending.map((sentence) => `  ${sentence}`),
    ...causeLines(why?.cause ?? {}, columns),
    ...(forks.length === 0 ? [] : [headOf(root, way), ...forks]),
    ...notes.lines(width),
  ];
}

const hears = (node: WalkNode): boolean => endsOf(node).some(({ end }) => end === 'delivery');

/** How many hear it beside the device where it is to arrive. */
function headOf(root: WalkNode, { ending, hops }: ToldWay): string {
  const end = ending.length === 0 ? undefined : hops.at(-1)?.label;
  const hearing = nodesOf(root).filter((node) => hears(node) && node.hop.label !== end);
  const count = new Set(hearing.map(({ hop }) => hop.id)).size;
  const devices = count === 1 ? '1 device' : `${count} devices`;
  if (end === undefined) return count === 1 ? '  1 device hears it:' : `  ${devices} hear it:`;
  return count === 0 ? '  Its other copies:' : `  Also heard by ${devices}:`;
}
