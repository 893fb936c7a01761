import type { Finding } from '../../verify/findings/define.js';
import { shownLines } from '../../shown.js';
import { proseWidth, wrapText } from './text.js';

/** What a verification found without being asked, as text. @param columns - of the terminal, if it is one */
export const formatFindings = (findings: readonly Finding[], columns?: number): string =>
  [
    'Nobody asked, but:',
    ...shownLines(findings).map(({ kind, severity, what, why, fix }) =>
      [
        wrapText(
          `  ${severity === 'error' ? 'FOUND' : 'ODD  '}  `,
          `${kind}: ${what}`,
          proseWidth(columns),
        ),
        wrapText('         why: ', why, proseWidth(columns)),
        wrapText('         fix: ', fix, proseWidth(columns)),
      ].join('\n'),
    ),
  ].join('\n');
