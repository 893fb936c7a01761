import { describe, expect, it } from 'vitest';
import { matches, texts } from './tree.js';

// The patterns are written so that this file does not match them.
const everything = texts(/^/);
const written = texts(/^(?!package-lock\.json$)/);

describe('the committed tree', () => {
  it('is found', () => {
    expect(everything.map(({ path }) => path)).toContain('package.json');
  });

  it('names no folder of a developer’s machine', () => {
    expect(matches(everything, /\/(work|home)\/\w/)).toEqual([]);
  });

  it('names no package registry', () => {
    const hosts =
      /registry\.(npmjs|yarnpkg)|\b(deb|security|snapshot|ftp)\.debian\.org|\bpypi\.org|\b(ghcr|quay)\.io/;
    expect(matches(everything, hosts)).toEqual([]);
  });

  it('leaves nothing for later', () => {
    expect(
      matches(written, new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME'].join('|')})\\b`)),
    ).toEqual([]);
  });
});
