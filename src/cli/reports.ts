import { readFile } from 'node:fs/promises';
import { REPORT_EXTENSIONS, type FormatName } from '../report/extensions.js';
import type { Renderer } from '../report/formats.js';
import type { Report, TopologySource } from '../report/result.js';
import { formatFindings } from '../report/terminal/findings.js';
import { formatTerminal, type TerminalOptions } from '../report/terminal/verify.js';
import type { Context, Option } from './define.js';
import { formatOf, writeOut } from './files.js';
import { isFile } from '../topology/load-labs.js';

/** What `verify` may be asked to report. */
export interface ReportArgs {
  readonly report: readonly string[];
  readonly format: FormatName;
}

export const reportOptions: Readonly<Record<string, Option>> = {
  report: {
    type: 'string',
    many: true,
    describe:
      'Write a report into this file, in the format of its extension: .html, .md, .xml (JUnit), .json, .svg, .txt. May be given several times',
  },
  format: {
    type: 'string',
    choices: Object.values(REPORT_EXTENSIONS),
    default: 'terminal',
    describe: 'What to print',
  },
};

/** The report files that are asked for, with their formats. @throws UsageError where an extension says nothing */
export function reportFiles({ report }: ReportArgs): readonly (readonly [string, FormatName])[] {
  return report.map((file) => [file, formatOf(file, REPORT_EXTENSIONS, 'reports')]);
}

/** The topology, for reports that show it: only where the user named its file. */
export async function sourceOf(target: string): Promise<TopologySource | undefined> {
  return isFile(target) ? { file: target, text: await readFile(target, 'utf8') } : undefined;
}

/** Print the report as asked for and what nobody asked about, and write its files. Folders on the way are made. */
export async function report(
  what: Report,
  files: readonly (readonly [string, FormatName])[],
  format: FormatName,
  context: Context,
): Promise<void> {
  for (const [file, name] of files) {
    const text = (await rendererOf(name))(what);
    await writeOut(file, `${(await text).trimEnd()}\n`);
    context.say(`report: ${file}`);
  }
  if (context.json) {
    context.printJson(what.result);
    return;
  }
  const { columns: width } = context;
  const terminal: TerminalOptions =
    width === undefined ? {} : { width, color: process.stdout.hasColors() };
  const text = await (await rendererOf(format))(what, terminal);
  context.print(text.trimEnd(), format === 'terminal' && terminal.color === true);
  const { findings } = what.result;
  if (findings.length > 0) context.print(formatFindings(findings, width));
}

/** The layout of drawings is a large library: it is loaded where one is asked for, and not by every run. */
const rendererOf = async (name: FormatName): Promise<Renderer> =>
  name === 'terminal' ? formatTerminal : (await import('../report/formats.js')).formats[name];
