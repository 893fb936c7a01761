import { describe, expect, it } from 'vitest';
import { parseStored } from '../../../src/apply/parse-stored.js';
import { planSchema } from '../../../src/apply/stored-schemas.js';
import { planLab } from '../../../src/plan/plan.js';
import { stepsOf } from '../../../src/plan/resources/steps.js';
import { isRecord } from '../../../src/is-record.js';
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

  it('of an older version, which knew one machine alone, says where everything is', () => {
    const guests = planLab(
      labOf({
        name: 'demo',
        nodes: { sw1: { kind: 'vm', namespaces: ['c1'] }, sw2: { kind: 'vm' } },
        links: [{ kind: 'macvtap', mode: 'vepa', ends: ['sw1:eth1', 'sw2:eth1'] }],
        verify: [],
      }),
      FACTS,
    );
    const older = (_key: string, value: unknown): unknown => {
      if (!isRecord(value) || typeof value.machine !== 'string') return value;
      const { machine, inside, ...rest } = value;
      return { host: typeof inside === 'string' ? `guest:${inside}` : machine, ...rest };
    };
    const text = JSON.stringify(guests, older);
    expect(text).toContain('{"host":"guest:sw1","netns":"c1"}');
    expect(planSchema.parse(parseStored(text))).toEqual(guests);
  });

  it('that had steps beside its resources is known by these', () => {
    expect(reread({ ...plan, steps }).data).toEqual(plan);
  });

  it.each([{}, { name: 7 }, null])('is damaged where a resource wants %j', (wanted) => {
    const resources = plan.resources.map((one) => ({ ...one, wanted }));
    expect(reread({ ...plan, resources }).success).toBe(false);
  });
});
