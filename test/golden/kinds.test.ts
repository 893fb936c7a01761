import { expect, it } from 'vitest';
import { needsOfKinds } from '../../src/plan/kind-needs.js';
import type { Requirement } from '../../src/plan/step.js';

const text = (needs: readonly Requirement[]): string =>
  needs.map(({ check, arg }) => (arg === undefined ? check : `${check}:${arg}`)).join(' ') ||
  'nothing';

it('each kind needs what its descriptor says', async () => {
  const lines = needsOfKinds().flatMap(({ area, kind, title, needs, settings, inGuest }) => [
    `${area} ${kind} (${title}): ${text(needs)}`,
    `  in a guest: ${'why' in inGuest ? `not, ${inGuest.why}` : text(inGuest.needs)}`,
    ...settings.map((one) => `  ${one.setting}: ${text(one.needs)}`),
  ]);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('kinds.txt');
});
