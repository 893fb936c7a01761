import { drawSvg } from './draw/svg.js';
import { formatHtml } from './html/page.js';
import { formatJson } from './json.js';
import { formatJunit } from './junit.js';
import { formatMarkdown } from './markdown.js';
import type { Report } from './result.js';
import { formatTerminal, type TerminalOptions } from './terminal.js';

/** A form that a report can have. */
export interface ReportFormat {
  readonly name: string;
  /** By which a file is known to have it. */
  readonly extension: string;
  render(report: Report, options?: TerminalOptions): string | Promise<string>;
}

/** Every format, in the order of the help. */
export const formats = [
  { name: 'terminal', extension: '.txt', render: formatTerminal },
  { name: 'json', extension: '.json', render: formatJson },
  { name: 'junit', extension: '.xml', render: formatJunit },
  { name: 'markdown', extension: '.md', render: formatMarkdown },
  { name: 'html', extension: '.html', render: formatHtml },
  { name: 'svg', extension: '.svg', render: async (report) => (await drawSvg(report)).text },
] as const satisfies readonly ReportFormat[];

export { reportOf, type Report, type VerifyResult } from './result.js';
