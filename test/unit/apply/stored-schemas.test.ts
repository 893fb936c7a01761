import { describe, expect, it } from 'vitest';
import { planSchema } from '../../../src/apply/stored-schemas.js';
import { planLab } from '../../../src/plan/plan.js';
import { stepsOf } from '../../../src/plan/resources/steps.js';
import { FACTS, labOf } from '../../support/lab-of.js';

const lab = labOf({
  name: 'demo',
  nodes: { a: { kind: 'netns' }, b: { kind: 'netns' } },
  links: [{ kind: 'bridge', name: 'panel', ends: ['a:eth1', 'b:eth1'] }],
  verify: [],
});
const plan = planLab(lab, FACTS);
/** As an older version stored them: nothing said what they need. */
const steps = stepsOf(plan.resources).map(({ after: _after, at: _at, ...step }) => step);
const reread = (value: unknown) => planSchema.safeParse(JSON.parse(JSON.stringify(value)));

describe('a stored plan', () => {
  it('is read as it was written', () => {
    expect(reread(plan).data).toEqual(plan);
  });

  it('of an older version, which stored steps alone, still says what is taken back', () => {
    const { resources, ...rest } = plan;
    expect(resources).not.toEqual([]);
    expect(stepsOf(reread({ ...rest, steps }).data?.resources ?? [])).toEqual(steps);
  });

  it('that had steps beside its resources is known by these', () => {
    expect(reread({ ...plan, steps }).data).toEqual(plan);
  });

  it.each([{}, { name: 7 }, null])('is damaged where a resource wants %j', (wanted) => {
    const resources = plan.resources.map((one) => ({ ...one, wanted }));
    expect(reread({ ...plan, resources }).success).toBe(false);
  });
});
