import { drawSvg } from './draw/svg.js';
import type { FormatName } from './extensions.js';
import { formatHtml } from './html/page.js';
import { formatJson } from './json.js';
import { formatJunit } from './junit.js';
import { formatMarkdown } from './markdown.js';
import type { Report } from './result.js';
import { formatTerminal, type TerminalOptions } from './terminal.js';

/** Makes a text of a report. */
export type Renderer = (report: Report, options?: TerminalOptions) => string | Promise<string>;

/** Every form that a report can have, by its name. */
export const formats: Readonly<Record<FormatName, Renderer>> = {
  terminal: formatTerminal,
  json: formatJson,
  junit: formatJunit,
  markdown: formatMarkdown,
  html: formatHtml,
  svg: async (report) => (await drawSvg(report)).text,
};

export { reportOf, type Report, type VerifyResult } from './result.js';
