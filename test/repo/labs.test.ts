import { expect, it } from 'vitest';
import { shippedLabs } from '../../src/topology/load-labs.js';
import { texts } from './tree.js';

it('every lab of topologies/ is run by a test', () => {
  const tests = texts(/^test\/(netns|vm)\/.*\.test\.ts$/).map(({ text }) => text);
  const isNamed = (name: string): boolean =>
    tests.some((text) => new RegExp(`['\`/]${name}(\\.yaml)?['\`]`).test(text));
  expect(tests.length).toBeGreaterThan(40);
  expect(shippedLabs().filter(({ name }) => !isNamed(name))).toEqual([]);
  expect(isNamed('lab-that-no-test-runs')).toBe(false);
});
