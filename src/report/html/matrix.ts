import type { Matrix, MatrixCell } from '../../matrix/result.js';
import {
  causesOf,
  cellsBy,
  markOf,
  MARKS,
  observedIn,
  placeOf,
  predictedIn,
  summaryOf,
} from '../terminal/matrix.js';

/** A measured link kind as one HTML page that needs nothing else: no script, no other file. */

const STYLE = `
body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem; color: #222; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 }
th, td { border: 1px solid #ccc; padding: .2rem .4rem; text-align: left }
thead th { vertical-align: bottom; writing-mode: vertical-rl; transform: rotate(180deg); font-weight: normal }
thead th:first-child { writing-mode: horizontal-tb; transform: none; font-weight: bold }
td { font-family: monospace; text-align: center; white-space: nowrap }
span { display: inline-block; width: 1.3em; border-radius: 2px; cursor: help }
.pass { background: #cdeccd } .drop { background: #f3cfcf } .random { background: #fbe9b0 }
.differs { background: #b00020; color: #fff; font-weight: bold } .unknown { background: #ddd }
`;

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** The page. */
export function matrixHtml(matrix: Matrix): string {
  const { kind, ends, variants, classes } = matrix;
  const cellAt = cellsBy(matrix);
  const title = escape(`${kind}: frame classes against settings`);
  const head = ['class', ...variants.map(({ name }) => name)].map(
    (name) => `<th>${escape(name)}</th>`,
  );
  const rows = classes.map((name) => {
    const cells = variants.map(({ name: variant }) => {
      const [forth, back] = [cellAt(variant, name, 'forth'), cellAt(variant, name, 'back')];
      return `<td>${spanOf(forth)}${spanOf(back)}</td>`;
    });
    return `<tr><th>${escape(name)}</th>${cells.join('')}</tr>`;
  });
  const causes = causesOf(matrix).map(
    ({ cell, classes: names, variants: where, kernel }) =>
      `<li><b>${escape(placeOf(cell.at))}</b>, ${escape(names.join(', '))} (${escape(where.join(', '))}): ${escape(cell.reason ?? '')}${kernel.length === 0 ? '' : `<br>The kernel: ${escape(kernel.join('; '))}`}</li>`,
  );
  const legend = [
    ['pass', 'arrives'],
    ['drop', 'is dropped'],
    ['random', 'random, by the model'],
    ['differs', 'not as predicted'],
    ['unknown', 'could not be found out'],
  ] as const;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head><body>
<h1>${title}</h1>
<p>${escape(summaryOf(matrix))}. In each cell first ${escape(`${ends[0]} > ${ends[1]}`)}, then ${escape(`${ends[1]} > ${ends[0]}`)}.</p>
<p>${legend.map(([mark, words]) => `<span class="${mark}">${MARKS[mark]}</span> ${words}`).join(' &nbsp; ')}</p>
<table><thead><tr>${head.join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
<h2>Why</h2><ul>
${causes.join('\n')}
</ul></body></html>
`;
}

function spanOf(cell: MatrixCell | undefined): string {
  if (!cell) return '<span></span>';
  const mark = markOf(cell);
  const words = [
    `${cell.from} > ${cell.to}`,
    `predicted: ${predictedIn(cell)}`,
    `observed: ${observedIn(cell)}`,
    cell.reason,
    cell.note,
  ];
  const title = words.filter((line) => line !== null).join('\n');
  return `<span class="${mark}" title="${escape(title)}">${MARKS[mark]}</span>`;
}
