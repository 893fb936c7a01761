import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planLab } from '../../../src/plan/plan.js';
import type { Resource } from '../../../src/plan/resources/define.js';
import { device } from '../../../src/plan/resources/kinds/device.js';
import { inOrder, thingsOf } from '../../../src/plan/resources/order.js';
import { stepsOf } from '../../../src/plan/resources/steps.js';
import { STAGES } from '../../../src/plan/step.js';
import { shippedLabs } from '../../../src/topology/load-labs.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';
import { FACTS } from '../../support/lab-of.js';

/** What is made first follows from what each resource needs; stages and the order of the list decide only the rest. */

const files = shippedLabs().flatMap(({ file }) => (file.endsWith('.yaml') ? [file] : []));
const resourcesOf = (file: string): readonly Resource[] =>
  planLab(parseTopology(parseYaml(file, readFileSync(file, 'utf8'))).lab, FACTS).resources;

/** What a resource needs and only a later one brings. */
function late(resources: readonly Resource[]): readonly string[] {
  const order = inOrder(resources);
  const ever = new Set(order.flatMap(({ makes }) => makes));
  const there = new Set<string>();
  return order.flatMap(({ resource, needs, makes, after }, at) => {
    const missing = needs.filter((name) => ever.has(name) && !there.has(name));
    for (const name of makes) there.add(name);
    const known = new Set(after.flatMap((position) => order[position]?.makes ?? []));
    expect(needs.filter((name) => ever.has(name)).every((name) => known.has(name))).toBe(true);
    expect(after.every((position) => position < at)).toBe(true);
    return missing.map((name) => `${resource.id} needs ${name}`);
  });
}

const on = (name: string, ...homes: readonly string[]): Resource =>
  device.of({
    ...{ lane: 'host', where: { machine: 'local' } },
    id: name,
    wanted: { device: name, kind: 'dummy', options: {} },
    makes: [name],
    in: homes,
    why: name,
  });

describe('the order of resources', () => {
  it.each(files)(
    'of %s has all that a resource needs before it, in whatever order they are given',
    (file) => {
      const resources = resourcesOf(file);
      expect(late(resources)).toEqual([]);
      fc.assert(
        fc.property(
          fc.shuffledSubarray([...resources], { minLength: resources.length }),
          (shuffled) => {
            expect(late(shuffled)).toEqual([]);
          },
        ),
        { numRuns: 10 },
      );
    },
  );

  it.each(files)('of %s goes through the stages in their order', (file) => {
    const stages = stepsOf(resourcesOf(file)).map(({ stage }) => STAGES.indexOf(stage));
    expect(stages).toEqual(stages.toSorted((one, other) => one - other));
  });

  it('moves what something needs to before that, and nothing else', () => {
    const resources = [on('c', 'b'), on('d'), on('b', 'a'), on('a')];
    const order = inOrder(resources, thingsOf(resources));
    expect(order.map(({ resource }) => resource.id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is refused where resources need each other', () => {
    const resources = [on('a', 'b'), on('b', 'a')];
    expect(() => inOrder(resources, thingsOf(resources))).toThrow('a needs what needs it');
  });
});
