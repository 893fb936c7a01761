import { sceneOf, type SceneBox, type SceneHop } from './scene.js';
import { printable } from '../markup.js';
import type { Report } from '../result.js';

/** A lab as a Mermaid flowchart, which GitHub and GitLab draw: mermaid.js.org, flowchart syntax. */
export function formatMermaid(report: Pick<Report, 'lab' | 'graph' | 'cases'>): string {
  const { boxes, wires } = sceneOf(report);
  const ids = new Map<string, string>();
  const idOf = (name: string): string => {
    const id = ids.get(name) ?? `n${ids.size}`;
    ids.set(name, id);
    return id;
  };
  const hop = ({ hop: { id }, port, name, detail }: SceneHop): string =>
    `${idOf(id)}${port ? `([${label(name)}])` : `[${label(name, detail)}]`}`;
  const box = (one: SceneBox): readonly string[] => [
    `subgraph ${idOf(`box ${one.id}`)}[${label(one.title, ...one.details)}]`,
    ...[...one.boxes.flatMap(box), ...one.hops.map(hop)].map((line) => `  ${line}`),
    'end',
  ];
  return [
    'flowchart LR',
    ...boxes.flatMap(box).map((line) => `  ${line}`),
    ...wires.map(
      ({ from, to, label: said }) =>
        `  ${idOf(from)} ---${said === undefined ? '' : `|${label(said)}|`} ${idOf(to)}`,
    ),
  ].join('\n');
}

/** Lines of text in quotes; what could end them, or be HTML, is written by its number. */
const label = (...lines: readonly string[]): string =>
  `"${lines
    .map((line) =>
      printable(line)
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/["#&<>`\\]/g, (character) => `#${character.charCodeAt(0)};`),
    )
    .join('<br/>')}"`;
