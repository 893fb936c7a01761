import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../src/errors.js';
import { createCleanup } from './cleanup.js';
import { describeMachine, watchNoise } from './machine.js';
import { median } from './measure.js';
import { readOptions, USAGE, UsageError, type Options } from './options.js';
import type { Row, Section, Skipped } from './section.js';
import { formatRow } from './table.js';

/** Measure patchlab and what it is compared with; print tables, write JSON. */

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const say = (line: string): void => void process.stderr.write(`  ... ${line}\n`);

interface SectionResult {
  readonly section: string;
  readonly title: string;
  readonly rows: readonly (Row | Skipped)[];
  /** Share of the processors' time that was not this run's, and the load at the end. */
  readonly noise: { readonly others: number; readonly load: number };
  readonly error?: string;
}

async function measure(options: Options, folder: string, signal: AbortSignal) {
  const cleanup = createCleanup();
  const results: SectionResult[] = [];
  try {
    for (const section of options.sections) {
      if (signal.aborted) break;
      results.push(
        await measureSection(section, options, { folder, signal, defer: cleanup.defer }),
      );
    }
  } finally {
    for (const error of await cleanup.run()) print(`not cleaned up: ${error}`);
  }
  return results;
}

async function measureSection(
  section: Section,
  { repeat, sizes }: Options,
  rest: { folder: string; signal: AbortSignal; defer: (undo: () => Promise<unknown>) => void },
): Promise<SectionResult> {
  const { name, title } = section;
  const rows: (Row | Skipped)[] = [];
  print(`\n${name}: ${title}`);
  const report = (row: Row | Skipped): void => {
    rows.push(row);
    print(formatRow(row));
  };
  const noise = await watchNoise();
  const prefix = `bench-${process.pid.toString(36)}`;
  let error: string | undefined;
  try {
    await section.run({ ...rest, repeat, sizes: sizes ?? section.sizes, prefix, say, report });
  } catch (reason) {
    error = rest.signal.aborted ? 'broken off' : messageOf(reason);
    print(`  ${name}: ${error}`);
  }
  const { others, load } = await noise();
  print(`  others took ${(100 * others).toFixed(0)} % of the processors; load ${load.toFixed(1)}`);
  return {
    section: name,
    title,
    rows,
    noise: { others, load },
    ...(error !== undefined && { error }),
  };
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    print(USAGE);
    return 0;
  }
  if (!existsSync(new URL('../../dist/bin/main.cjs', import.meta.url)))
    throw new UsageError('patchlab is not built: run `npm run build` first');
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const stop = (): void => {
    if (!abort.signal.aborted) say('stopping, please wait');
    abort.abort(new Error('stopped by Ctrl-C'));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const folder = await mkdtemp(join(tmpdir(), 'patchlab-bench-'));
  // Labs of this run are nobody else's business.
  process.env.PATCHLAB_STATE = join(folder, 'state');
  try {
    const machine = describeMachine();
    const began = new Date().toISOString();
    print(
      `${machine.processors} processors (${machine.processor}), Linux ${machine.kernel}, node ${machine.node}`,
    );
    print('median, range and number of repetitions, ratios measured in the same repetitions');
    const results = await measure(options, folder, abort.signal);
    const sections = results.map(({ rows, ...result }) => ({
      ...result,
      rows: rows.map((row) => ('skipped' in row ? row : { ...row, median: median(row.samples) })),
    }));
    await writeFile(
      options.out,
      `${JSON.stringify({ version: 1, began, machine, sections }, undefined, 1)}\n`,
    );
    print(`\nwritten to ${options.out}`);
    return results.some(({ error }) => error !== undefined) ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n${error instanceof UsageError ? `\n${USAGE}` : ''}`);
  process.exitCode = 2;
}
