import { expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.js';

it('runs as who calls it what needs no root', async () => {
  const found = await Promise.all(
    commands.map(async ({ usage, asIs = false, load }) => {
      const { needsRoot } = await load();
      return [usage, asIs, !needsRoot] as const;
    }),
  );
  expect(found.filter(([, asIs, wanted]) => asIs !== wanted)).toEqual([]);
  expect(new Set(found.map(([, asIs]) => asIs))).toEqual(new Set([true, false]));
});
