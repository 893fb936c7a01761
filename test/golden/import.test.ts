import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { importFormats } from '../../src/import/index.js';
import { isRecord } from '../../src/is-record.js';
import { parseTopology } from '../../src/topology/parse.js';
import { parseYaml } from '../../src/topology/source.js';

/** Files in the style of those that people have of other tools, and what becomes of them. */

const folder = new URL('import/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));

describe('a topology of another tool', () => {
  it.each(files)('%s becomes a lab that holds, and what stays behind is told', async (name) => {
    const { value } = parseYaml(name, readFileSync(new URL(name, folder), 'utf8'));
    if (!isRecord(value)) throw new Error(`${name} is no mapping`);
    const format = importFormats.find(({ isOne }) => isOne(value));
    expect(format?.format).toBe(name.split('-')[0]);
    const imported = format?.read(value, name.replace(/\..*/, ''));
    const text = stringify(imported, { aliasDuplicateObjects: false, lineWidth: 0 });
    const { lab } = parseTopology(parseYaml(name, stringify(imported?.topology)));
    expect(lab.links).toHaveLength(imported?.topology.links.length ?? -1);
    await expect(text).toMatchFileSnapshot(`import/${name.replace(/(\.clab)?\.yml$/, '.txt')}`);
  });

  it('is known by its keys alone', () => {
    expect(importFormats.map(({ isOne }) => isOne({ name: 'x', links: [] }))).toEqual([
      false,
      false,
    ]);
  });
});
