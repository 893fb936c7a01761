import { describe, expect, it } from 'vitest';
import { ANY_FACTS } from '../../../src/links/define.js';
import { wire } from '../../../src/plan/wire.js';
import { predictedOf } from '../../../src/probes/predicted.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { phasesOf, withCuts } from '../../../src/topology/cut.js';
import type { Lab } from '../../../src/topology/lab.js';
import { labOf } from '../../support/lab-of.js';

/** What is done between checks: each check is predicted in the state that the steps before it have left. */

const lab = labOf({
  name: 'steps',
  nodes: {
    a: { kind: 'netns', addresses: { eth1: '10.0.0.1/24', eth2: '10.0.1.1/24' } },
    b: { kind: 'netns', addresses: { eth1: '10.0.0.2/24', eth2: '10.0.1.2/24' } },
  },
  links: [
    { kind: 'veth', name: 'one', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'veth', name: 'two', ends: ['a:eth2', 'b:eth2'] },
  ],
  verify: [
    { probe: 'icmp', from: 'a:eth1', to: 'b:eth1' },
    { do: 'cut one', from: 'a:eth1', to: 'b:eth1', within: '500ms' },
    { probe: 'icmp', from: 'a:eth1', to: 'b:eth1' },
    { probe: 'icmp', from: 'a:eth2', to: 'b:eth2' },
    { do: 'plug one' },
    { do: 'cut a:eth2' },
    { probe: 'icmp', from: 'a:eth1', to: 'b:eth1' },
    { probe: 'icmp', from: 'a:eth2', to: 'b:eth2' },
  ],
});

const predictions = (of: Lab): readonly string[] =>
  prepareChecks(of, wire(of, ANY_FACTS).model).checks.map((check) => predictedOf(check).outcome);

describe('steps between checks', () => {
  it('part the checks, and say what is cut meanwhile', () => {
    expect(phasesOf(lab).map(({ checks, cuts }) => [checks.length, cuts])).toEqual([
      [1, []],
      [2, ['one']],
      [0, []],
      [2, ['two']],
    ]);
    expect(lab.steps[0]).toEqual({
      ...{ does: 'cut', links: ['one'], after: 1 },
      pings: { from: 'a:eth1', to: 'b:eth1', within: 500 },
    });
  });

  it('change what is predicted of what comes after them, and of nothing else', () => {
    expect(predictions(lab)).toEqual(['pass', 'blocked', 'pass', 'pass', 'blocked']);
    // What was cut by hand before stays so.
    expect(predictions(withCuts(lab, ['two']))).toEqual([
      ...['pass', 'blocked', 'blocked', 'pass', 'blocked'],
    ]);
  });

  it('leave a ping across them predicted as it is afterwards', () => {
    const { steps } = prepareChecks(lab, wire(lab, ANY_FACTS).model);
    expect(steps.map(({ ping }) => ping && predictedOf(ping).outcome)).toEqual([
      ...['blocked', undefined, undefined],
    ]);
  });
});
