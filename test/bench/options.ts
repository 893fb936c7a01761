import { parseArgs } from 'node:util';
import { sections } from './sections/index.js';
import type { Section } from './section.js';

export interface Options {
  readonly sections: readonly Section[];
  readonly repeat: number;
  /** Sizes for every section that has any, instead of its own. */
  readonly sizes: readonly number[] | undefined;
  /** File for the results as JSON. */
  readonly out: string;
}

export const USAGE = `npm run bench -- [SECTION...] [--repeat N] [--sizes N,N,...] [--out FILE]

Sections (all by default):
${sections.map(({ name, title }) => `  ${name.padEnd(12)}${title}`).join('\n')}

  --repeat N    repetitions of each measurement, 3 by default
  --sizes N,N   instead of the section's own sizes
  --out FILE    results as JSON, bench.json by default
`;

/** Wrong usage, with what to say. */
export class UsageError extends Error {}

/** Read the command line; nothing where only help is asked for. @throws UsageError */
export function readOptions(argv: readonly string[]): Options | undefined {
  const { values, positionals } = parse(argv);
  if (values.help) return undefined;
  const unknown = positionals.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) throw new UsageError(`no section is called ${unknown.join(', ')}`);
  return {
    sections: sections.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    repeat: count(values.repeat),
    sizes: values.sizes?.split(',').map(count),
    out: values.out,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        repeat: { type: 'string', default: '3' },
        sizes: { type: 'string' },
        out: { type: 'string', default: 'bench.json' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`${text} is no number above 0`);
  return Number(text);
}
