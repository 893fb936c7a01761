import { describe, expect, it } from 'vitest';
import { errorTable } from '../../src/errors.js';
import { texts } from './tree.js';

const codes = new Set(Object.keys(errorTable));
const areas = [...new Set([...codes].map((code) => code.split('/')[0]))];
const sources = texts(/^src\/(?!errors\/).*\.ts$/);

/** Codes of errors as the sources write them, with where. */
const written = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/(?:PatchlabError\(\s*|code: )'([a-z]+\/[a-z-]+)'/g)].map(([, code = '']) => ({
    path,
    code,
  })),
);

describe('the codes of errors', () => {
  it('are all in the table that `patchlab docs` tells of', () => {
    expect(written.length).toBeGreaterThan(80);
    expect(written.filter(({ code }) => !codes.has(code))).toEqual([]);
  });

  it('are each raised somewhere', () => {
    const all = sources.map(({ text }) => text).join('\n');
    expect([...codes].filter((code) => !all.includes(`'${code}'`))).toEqual([]);
  });

  it('have areas that tell of something', () => {
    expect(areas.length).toBeGreaterThan(6);
  });
});
