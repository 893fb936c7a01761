import type { Finding } from '../verify/findings/define.js';
import { shownLines } from '../shown.js';
import { wrapText } from './text.js';

/** What a verification found without being asked, as text. */
export const formatFindings = (findings: readonly Finding[]): string =>
  [
    'Nobody asked, but:',
    ...shownLines(findings).map(({ kind, severity, what, why, fix }) =>
      [
        wrapText(`  ${severity === 'error' ? 'FOUND' : 'ODD  '}  `, `${kind}: ${what}`),
        wrapText('         why: ', why),
        wrapText('         fix: ', fix),
      ].join('\n'),
    ),
  ].join('\n');
