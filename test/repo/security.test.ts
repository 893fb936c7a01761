import { describe, expect, it } from 'vitest';
import { texts } from './tree.js';

describe('what docs/security.md says', () => {
  const [doc] = texts(/^docs\/security\.md$/);
  const named = [...(doc?.text.matchAll(/`(test\/[^`]+)`/g) ?? [])].map(([, path = '']) => path);
  const files = texts(/^test\/.*\.test\.ts$/).map(({ path }) => path);

  it('is held by tests that are there', () => {
    expect(named.length).toBeGreaterThan(10);
    const isThere = (path: string): boolean => {
      const pattern = path.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
      return files.some((file) => new RegExp(`^${pattern}$`).test(file));
    };
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });
});
