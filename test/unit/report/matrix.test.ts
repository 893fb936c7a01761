import { describe, expect, it } from 'vitest';
import type { Matrix, MatrixCell } from '../../../src/matrix/result.js';
import { matrixHtml } from '../../../src/report/html/matrix.js';
import { formatMatrix, markOf } from '../../../src/report/terminal/matrix.js';

const cell = (more: Partial<MatrixCell>): MatrixCell => ({
  ...{ variant: 'plain', class: 'lldp', direction: 'forth', from: 'a1:p1', to: 'b1:p1' },
  ...{ predicted: 'pass', at: null, reason: null, remedy: null, source: null },
  ...{
    observed: 'pass',
    lastSeen: null,
    firstMissed: null,
    differs: false,
    note: null,
    kernel: null,
  },
  ...more,
});
const back = { direction: 'back', from: 'b1:p1', to: 'a1:p1' } as const;
const dropped: Partial<MatrixCell> = {
  predicted: 'drop',
  at: 'b1:p1 tap',
  reason: 'It is <eaten> by 02:00:00:00:00:01.',
  observed: 'drop',
  lastSeen: 'a1:p1',
  firstMissed: 'b1:p1 tap',
};

const matrix: Matrix = {
  kind: 'hose',
  ends: ['netns', 'vm'],
  variants: [
    { name: 'plain', fields: {} },
    { name: 'wide', fields: { width: 2 } },
  ],
  classes: ['lldp', 'stp'],
  cells: [
    cell({ ...dropped, kernel: { function: 'eat_frame', reason: 'HUNGER', device: 'a1:p1' } }),
    cell(back),
    cell({ variant: 'wide', from: 'a1:p2', to: 'b1:p2', ...dropped, predicted: 'random' }),
    cell({ variant: 'wide', ...back, observed: 'unknown', note: 'The capture broke.' }),
    cell({
      class: 'stp',
      ...dropped,
      predicted: 'pass',
      at: null,
      reason: null,
      differs: true,
      note: 'Unforeseen.',
    }),
    cell({ class: 'stp', ...back }),
    cell({
      class: 'stp',
      variant: 'wide',
      ...dropped,
      at: 'b1:p2 tap',
      reason: 'It is <eaten> by 02:00:00:00:00:02.',
    }),
    cell({ class: 'stp', variant: 'wide', ...back }),
  ],
  ms: 1234,
};

describe('a matrix as text', () => {
  it('has a row for each class with two marks for each setting, and tells of each cause and trouble once', () => {
    expect(formatMatrix(matrix)).toMatchInlineSnapshot(`
      "hose: netns (a) and vm (b), two marks for a > b and b > a
         1 plain
         2 wide

               1  2
        lldp  x. ?-
        stp   !. x.

        . arrives  x is dropped  ? random, by the model  ! not as predicted  - not known

        x at the tap: all (all)
          It is <eaten> by 02:00:00:00:00:01.
          The kernel: freed in \`eat_frame\` for HUNGER (1 of 2)

        ? at the tap: lldp (wide), dropped in 1 of 1
          It is <eaten> by 02:00:00:00:00:01.

        ! stp (plain), such as a1:p1 > b1:p1
          predicted: pass; observed: lost between a1:p1 and b1:p1 tap
          Unforeseen.

        - lldp (wide), such as b1:p1 > a1:p1
          predicted: pass; observed: unknown
          The capture broke.

      hose: 8 cells: 6 as predicted, 1 not, 1 could not be found out (1.2 s)"
    `);
  });
});

describe('a matrix as HTML', () => {
  const page = matrixHtml(matrix);

  it('marks each cell, says why, and escapes what it is told', () => {
    const marks = [...page.matchAll(/<span class="(\w+)" title/g)].map(([, mark]) => mark);
    expect(marks).toEqual([
      ...['drop', 'pass', 'random', 'unknown'],
      ...['differs', 'pass', 'drop', 'pass'],
    ]);
    expect(page).toContain('It is &lt;eaten&gt; by');
    expect(page).not.toContain('<eaten>');
  });

  it('needs no other file', () => {
    expect(page).not.toMatch(/<script|<link|src=|url\(/);
  });
});

it('a difference outweighs everything in the mark of a cell', () => {
  expect(markOf(cell({ predicted: 'random', differs: true }))).toBe('differs');
});
