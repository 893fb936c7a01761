import type { Markup } from '../markup.js';
import { markup } from '../markup.js';
import type { ShownCommand } from '../commands.js';
import { MARKS } from '../theme.js';

/** Small pieces of the page. */

/** Text with what stands between backticks as code. */
export const prose = (text: string): Markup =>
  markup`${text.split('`').map((part, index, all) => (index % 2 === 1 && index < all.length - 1 ? markup`<code>${part}</code>` : part))}`;

/** Which mark stands for an outcome. */
const MARK_OF = { pass: 'pass', fail: 'fail', error: 'warn', skipped: 'none' } as const;

/** A mark beside words that say the same. */
export const icon = (mark: keyof typeof MARKS): Markup =>
  markup`<svg class="mark ${mark}" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="8"/><path d="${MARKS[mark]}"/></svg>`;

/** The mark of an outcome. */
export const outcomeIcon = (outcome: keyof typeof MARK_OF): Markup => icon(MARK_OF[outcome]);

/** Commands as one block that can be copied. */
export const commandBlock = (commands: readonly ShownCommand[]): Markup =>
  markup`<pre>${commands.map(
    ({ what, command }, index) =>
      markup`${index > 0 ? '\n' : ''}<span class="note"># ${what}</span>\n${command}`,
  )}</pre>`;
