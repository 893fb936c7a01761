import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resourceTypes } from '../../../src/plan/resources/index.js';

/** The registry of the types of resources. */

const folder = new URL('../../../src/plan/resources/kinds/', import.meta.url);

it('has each type once, a file each', () => {
  const names = resourceTypes.map(({ type }) => type);
  expect(new Set(names).size).toBe(names.length);
  expect(names.map((name) => `${name}.ts`).sort()).toEqual(readdirSync(folder).sort());
});

it('can read each back, or knows it by its mark; but for what only begins, waits, or is open in a guest that runs', () => {
  const unread = resourceTypes.filter((type) => !('read' in type) && !('owns' in type));
  expect(unread.map(({ type }) => type)).toEqual([
    ...['agent', 'cloud-init', 'log-file', 'overlay', 'seed'],
  ]);
});
