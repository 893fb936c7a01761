import { describe, expect, it } from 'vitest';
import { ANY_FACTS } from '../../../src/links/define.js';
import { planLab } from '../../../src/plan/plan.js';
import { difference } from '../../../src/plan/resources/difference.js';
import { cutIn, withCuts } from '../../../src/topology/cut.js';
import { labOf } from '../../support/lab-of.js';

/** What it takes to pull a cable and to plug it. */

const lab = labOf({
  name: 'cut',
  nodes: {
    a: {
      kind: 'netns',
      devices: [{ kind: 'vlan', name: 'v7', lower: 'eth1', id: 7 }],
      addresses: { eth1: '10.0.0.1/24', v7: ['10.0.7.1/24', 'fd07::1/64'] },
      routes: [{ to: 'default', via: '10.0.7.2' }],
    },
    b: { kind: 'netns', addresses: { eth1: ['10.0.0.2/24', 'fd00::2/64'] } },
  },
  links: [{ kind: 'veth', name: 'left', ends: ['a:eth1', 'b:eth1'] }],
});

const cut = withCuts(lab, ['left']);
const resourcesOf = (of: typeof lab) => planLab(of, ANY_FACTS).resources;
const steps = (from: typeof lab, to: typeof lab): readonly string[] =>
  difference(resourcesOf(from), resourcesOf(to)).changes.map(
    ({ how, old, wanted }) => `${how} ${(wanted ?? old)?.id ?? ''}`,
  );

describe('a lab with a cut', () => {
  it('is the same lab where nothing is cut, and again once all is plugged', () => {
    expect(withCuts(lab, [])).toBe(lab);
    expect(cutIn(cut)).toEqual(['left']);
    expect(withCuts(cut, [])).toEqual(lab);
  });

  it('sets down the end that loses least, with what stands on it, and takes no route by that', () => {
    expect(steps(lab, cut)).toEqual([
      'remove a route default via 10.0.7.2 dev v7',
      'replace a address fd07::1/64 of v7',
      'replace a up eth1',
      'replace a up v7',
    ]);
    expect(steps(cut, lab)).toEqual([
      'change a up eth1',
      'change a up v7',
      'create a route default via 10.0.7.2 dev v7',
    ]);
  });
});
