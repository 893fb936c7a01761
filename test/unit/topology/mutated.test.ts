import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planLab } from '../../../src/plan/plan.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';
import { TopologyError } from '../../../src/topology/topology-error.js';
import { wire } from '../../../src/plan/wire.js';
import { FACTS } from '../../support/lab-of.js';
import { fuzzed } from '../../support/random.js';
import { slip, slipped, topologyTexts } from '../../support/slips.js';

/** Plans a lab whose text holds. @returns the problems of one that does not */
function problemsOf(text: string): TopologyError | undefined {
  try {
    const { lab } = parseTopology(parseYaml('x.yaml', text));
    planLab(lab, FACTS, wire(lab, FACTS));
    return undefined;
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    return error;
  }
}

it('a topology with slips of the pen is a lab that can be planned, or has problems with their places', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...topologyTexts),
      fc.array(slip, { minLength: 1, maxLength: 3 }),
      (text, slips) => {
        const error = problemsOf(slipped(text, slips));
        if (!error) return;
        expect(error.problems.length).toBeGreaterThan(0);
        for (const { position, what } of error.problems) {
          expect(position?.line).toBeGreaterThan(0);
          expect(what).not.toBe('');
        }
      },
    ),
    fuzzed('slips of the pen in topologies', 150),
  );
}, 3_600_000);
