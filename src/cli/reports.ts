import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { Options } from 'yargs';
import type { ReportFormat } from '../report/formats.js';
import type { Report, TopologySource } from '../report/result.js';
import { UsageError, type Context } from './define.js';
import { isFile } from './target.js';

/** Extensions of report files by the names of their formats: known before the formats are loaded, which takes a while. */
const EXTENSIONS = {
  '.txt': 'terminal',
  '.json': 'json',
  '.xml': 'junit',
  '.md': 'markdown',
  '.html': 'html',
  '.svg': 'svg',
} as const;

export type FormatName = (typeof EXTENSIONS)[keyof typeof EXTENSIONS];

/** What `verify` may be asked to report. */
export interface ReportArgs {
  readonly report?: string | readonly string[];
  readonly format: FormatName;
}

export const reportOptions: Readonly<Record<string, Options>> = {
  report: {
    type: 'string',
    requiresArg: true,
    describe:
      'Write a report into this file, in the format of its extension: .html, .md, .xml (JUnit), .json, .svg, .txt. May be given several times',
  },
  format: {
    choices: Object.values(EXTENSIONS),
    default: 'terminal',
    describe: 'What to print',
  },
};

/** The report files that are asked for, with their formats. @throws UsageError where an extension says nothing */
export function reportFiles({
  report = [],
}: ReportArgs): readonly (readonly [string, FormatName])[] {
  return [report].flat().map((file) => {
    const extension = extname(file);
    if (!Object.hasOwn(EXTENSIONS, extension))
      throw new UsageError(
        `No format of reports has the extension \`${extension}\` of ${file}. There are ${Object.keys(EXTENSIONS).join(', ')}.`,
      );
    return [file, EXTENSIONS[extension as keyof typeof EXTENSIONS]];
  });
}

/** The topology, for reports that show it: only where the user named its file. */
export async function sourceOf(target: string): Promise<TopologySource | undefined> {
  return isFile(target) ? { file: target, text: await readFile(target, 'utf8') } : undefined;
}

/** Print the report as asked for, and write its files. Folders on the way are made. */
export async function report(
  what: Report,
  files: readonly (readonly [string, FormatName])[],
  format: FormatName,
  context: Context,
): Promise<void> {
  // The drawing's layout is a large library: it is loaded here, and not with every command.
  const { formats } = await import('../report/formats.js');
  const formatNamed = (name: FormatName): ReportFormat => {
    const found = formats.find((one) => one.name === name);
    if (!found) throw new RangeError(`no format is named ${name}`);
    return found;
  };
  for (const [file, name] of files) {
    const text = await formatNamed(name).render(what);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text.endsWith('\n') ? text : `${text}\n`);
    context.say(`report: ${file}`);
  }
  if (context.json) {
    context.printJson(what.result);
    return;
  }
  const { isTTY, columns } = process.stdout;
  const terminal = isTTY ? { width: columns, color: process.stdout.hasColors() } : {};
  const text = await formatNamed(format).render(what, terminal);
  context.print(text.trimEnd());
}
