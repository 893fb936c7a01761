import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cut, printable } from './characters.js';
import { show } from './issues/words.js';
import type { Problem } from './problem.js';
import { moduleSource, type ParsedSource, type Position } from './source.js';
import { listed } from './suggest.js';
import { TopologyError } from './topology-error.js';

const OWN = new URL('../', import.meta.url);

/**
 * Run a module and take its default export for a topology.
 * @throws TopologyError with the place where the module threw, or that says what it should export
 */
export async function loadModule(file: string): Promise<ParsedSource> {
  const path = resolve(file);
  let exported: object;
  try {
    // Most topologies are no modules, and it is large.
    const { createJiti } = await import('jiti');
    const alias = { patchlab: fileURLToPath(new URL('index.js', OWN)) };
    exported = await createJiti(import.meta.url, { alias }).import(path);
  } catch (error) {
    throw await thrown(file, path, error);
  }
  const value: unknown = 'default' in exported ? await exported.default : undefined;
  const fix = 'write `export default defineLab({ ... })`';
  if (typeof value === 'function')
    throw refusal(file, 'Its default export is a function.', 'export what the function returns');
  if (value === undefined) {
    const names = Object.keys(exported);
    const what = `It has no default export${names.length > 0 ? `, only ${listed(names)}` : ''}.`;
    throw refusal(file, what, fix);
  }
  return { source: moduleSource(file), value, problems: [] };
}

const refusal = (file: string, what: string, fix: string): TopologyError =>
  new TopologyError(moduleSource(file), [{ code: 'topology/module', path: [], what, fix }]);

/** What a module threw, with the line where it did. */
async function thrown(file: string, path: string, error: unknown): Promise<TopologyError> {
  const frame = placeOf(error, path);
  const text = frame && (await readFile(frame.path, 'utf8').catch(() => undefined));
  const problem: Problem & { position?: Position } = {
    code: 'topology/module',
    path: [],
    what: `It throws ${told(error)}`,
  };
  if (frame === undefined || text === undefined)
    return new TopologyError(moduleSource(file), [problem]);
  const lines = text.split(/\r?\n/);
  const line = lines[frame.line - 1] ?? '';
  // A line that was rewritten to be run has columns of its own.
  const column = frame.column <= line.length ? frame.column : line.search(/\S|$/) + 1;
  const position = { line: frame.line, column, length: 1 };
  const name = frame.path === path ? file : relative(process.cwd(), frame.path);
  const source = { ...moduleSource(name), line: (number: number) => lines[number - 1] ?? '' };
  return new TopologyError(source, [{ ...problem, position }]);
}

/** The first line of what was thrown. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return `${show(error)}.`;
  const [first = ''] = error.message.split('\n');
  const type = /^\w*Error:/.test(first) ? '' : `${error.name}: `;
  return `${cut(printable(`${type}${first.trim()}`), 300)}.`;
}

interface Frame {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Where the user's own code threw: the first place of the stack that is neither Node's, nor a package's, nor patchlab's. */
function placeOf(error: unknown, path: string): Frame | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = Array.from(
    stack.matchAll(/(?:\(|\s)(?:file:\/\/)?(\/[^\s():]+):(\d+):(\d+)\)?$/gm),
    ([, at = '', line, column]): Frame => ({
      path: at,
      line: Number(line),
      column: Number(column),
    }),
  ).filter((frame) => frame.path === path || !/\/node_modules\//.test(frame.path));
  const own = fileURLToPath(OWN);
  return frames.find((frame) => frame.path === path || !frame.path.startsWith(own));
}
