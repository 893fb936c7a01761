import type { Finding } from '../verify/findings/define.js';
import { wrapText } from './text.js';

/** What a verification found without being asked, as text. */
export const formatFindings = (findings: readonly Finding[]): string =>
  [
    'Nobody asked, but:',
    ...findings.map(({ kind, severity, what, why, fix }) =>
      [
        wrapText(`  ${severity === 'error' ? 'FOUND' : 'ODD  '}  `, `${kind}: ${what}`),
        wrapText('         why: ', why),
        wrapText('         fix: ', fix),
      ].join('\n'),
    ),
  ].join('\n');
