import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../../src/errors.js';
import { parseTopology } from '../../src/topology/parse.js';
import { parseYaml } from '../../src/topology/source.js';
import { TopologyError } from '../../src/topology/topology-error.js';

const folder = new URL('errors/', import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

function errorOf(name: string): TopologyError {
  try {
    parseTopology(parseYaml(name, readFileSync(new URL(name, folder), 'utf8')));
  } catch (error) {
    if (error instanceof TopologyError) return error;
    throw error;
  }
  throw new Error(`${name} was accepted`);
}

describe('a wrong topology', () => {
  it.each(fixtures)('%s is refused with place, reason and way out', async (name) => {
    const error = errorOf(name);
    expect(error.exitCode).toBe(2);
    expect(error.problems.every((problem) => problem.position !== undefined)).toBe(true);
    const text = `${error.what}\n\n${error.fix}\n`;
    await expect(text).toMatchFileSnapshot(`errors/${basename(name, '.yaml')}.txt`);
  });

  it('shows each code of the topology area in a fixture', () => {
    // These are raised while a file is read, before there is anything to point at; `loop` is raised by `up`
    // for a file that is valid, and is shown in test/netns/cases.test.ts; `packet-filter` by nft(8), in
    // test/netns/packet-filter.test.ts; `not-in-guest` by \`--in-guest\`, in test/vm/in-guest.test.ts.
    const elsewhere = [
      ...['invalid', 'not-found', 'file-type', 'module'],
      ...['loop', 'packet-filter', 'not-in-guest'],
    ];
    const codes = Object.keys(errorTable)
      .filter((code) => code.startsWith('topology/'))
      .filter((code) => !elsewhere.includes(code.slice('topology/'.length)));
    const shown = fixtures.flatMap((name) => errorOf(name).problems.map(({ code }) => code));
    expect(codes.filter((code) => !shown.includes(code as never))).toEqual([]);
  });
});
