import { drawSvg } from './draw/svg.js';
import type { FormatName } from './extensions.js';
import { formatHtml } from './html/page.js';
import { formatJson } from './json.js';
import { formatJunit } from './junit.js';
import { formatMarkdown } from './markdown.js';
import { shownLines } from '../shown.js';
import type { Report } from './result.js';
import { formatTerminal, type TerminalOptions } from './terminal/verify.js';

/** Makes a text of a report. */
export type Renderer = (report: Report, options?: TerminalOptions) => string | Promise<string>;

/** Every form that a report can have, by its name. */
export const formats: Readonly<Record<FormatName, Renderer>> = {
  terminal: formatTerminal,
  json: formatJson,
  junit: (report) => formatJunit(inLines(report)),
  markdown: (report) => formatMarkdown(inLines(report)),
  html: (report) => formatHtml(inLines(report)),
  svg: async (report) => (await drawSvg(inLines(report))).text,
};

/** A report none of whose texts can begin a line or be obeyed. JSON has them as they were. */
const inLines = (report: Report): Report => ({ ...report, result: shownLines(report.result) });

export { reportOf, type Report, type VerifyResult } from './result.js';
