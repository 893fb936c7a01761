/**
 * Colours of drawings and pages, for light and dark. The hues are those of Okabe and Ito, which colour-blind
 * readers tell apart; whatever a colour says, a mark or a line style says too.
 */

const LIGHT = `
  --page: #ffffff; --panel: #f6f7f9; --box: #ffffff; --line: #c9ced6; --text: #1b1f24; --dim: #59636e;
  --good: #00735a; --good-soft: #e2f4ee; --bad: #b83a00; --bad-soft: #fdece3; --warn: #8a5a00; --warn-soft: #fdf3d8;
  --none: #8b949e; --accent: #00558c;`;

const DARK = `
  --page: #0f1318; --panel: #171c23; --box: #1d242d; --line: #3a4450; --text: #e8ecf1; --dim: #9aa6b3;
  --good: #35c79d; --good-soft: #12312a; --bad: #ff8a50; --bad-soft: #3a1f12; --warn: #e9b53c; --warn-soft: #362a0d;
  --none: #77828e; --accent: #6cb8f0;`;

/** The variables for a selector, by the reader's preference. */
export const themeFor = (selector: string): string =>
  `${selector} { color-scheme: light dark;${LIGHT} }
@media (prefers-color-scheme: dark) { ${selector} {${DARK} } }
@media print { ${selector} {${LIGHT} } }`;

/** Paths of the marks in a box of 16 by 16. */
export const MARKS = {
  pass: 'M3.5 8.5l3 3 6-7',
  fail: 'M4 4l8 8M12 4l-8 8',
  warn: 'M8 3v6.5M8 12.2v.8',
  none: 'M4.5 8h7',
} as const;
