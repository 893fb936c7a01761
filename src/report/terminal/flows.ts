import { shownLines } from '../../shown.js';
import type { Decided } from '../../verify/switches/decided.js';
import type { TableEntry } from '../../verify/switches/tables.js';

/** The tables of some bridges, and what decides on a frame. */
export interface ToldFlows {
  readonly lab: string;
  readonly bridges: readonly {
    readonly node: string;
    readonly bridge: string;
    readonly flows: readonly TableEntry[];
    readonly decided: Decided | null;
  }[];
}

/** Tables with their counters, or what decides on a frame, for a terminal. */
export function formatFlows({ bridges }: ToldFlows): string {
  const told = shownLines(bridges);
  return told
    .map(({ node, bridge, flows, decided }) =>
      [
        `${node}:${bridge}: ${flows.length} ${flows.length === 1 ? 'flow' : 'flows'}`,
        ...(decided ? formatDecided(decided) : formatTable(flows)),
      ].join('\n'),
    )
    .join('\n\n');
}

const formatTable = (flows: readonly TableEntry[]): readonly string[] => [
  ...(flows.length === 0 ? [] : [row('TABLE', 'PRIORITY', 'PACKETS', 'BYTES', 'FLOW')]),
  ...flows.map(({ table, priority, packets, bytes, match, actions }) =>
    row(...[table, priority, packets, bytes].map(String), `${match || 'all'} -> ${actions}`),
  ),
];

const WIDTHS = [5, 8, 8, 10];

const row = (...cells: readonly string[]): string =>
  `  ${cells.map((cell, at) => (WIDTHS[at] === undefined ? cell : cell.padStart(WIDTHS[at]))).join('  ')}`;

const list = (ports: readonly string[]): string =>
  ports.length === 0 ? 'by no port' : `by ${ports.join(', ')}`;

function formatDecided({ flows, actions, sent, predicted, agree }: Decided): readonly string[] {
  const verdict = { true: 'as predicted', false: 'UNPREDICTED', null: 'the model cannot tell' };
  return [
    ...flows.map(({ table, match }) => `  table ${table}: ${match ?? 'no flow takes it'}`),
    `  it leaves ${list(sent)} (datapath: ${actions}): ${verdict[String(agree) as 'true']}`,
    ...(agree === false && predicted ? [`  the model says: ${list(predicted)}`] : []),
  ];
}
