import type { PlanFacts } from '../../src/links/define.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';
import type { Lab } from '../../src/topology/lab.js';
import { parseTopology } from '../../src/topology/parse.js';
import { parseYaml } from '../../src/topology/source.js';

/** Labs from definitions that tests write or draw. */

/** What a test that plans may know of the host. */
export const FACTS: PlanFacts = {
  accelerator: 'tcg',
  ovsDatapath: 'netdev',
  guests: { mini: { kernel: '/vmlinuz', initrd: '/initrd', kernelArgs: ['console=ttyS0'] } },
};

/** The text of a topology file; JSON is YAML. */
export const fileText = (definition: LabDefinition): string => JSON.stringify(definition, null, 1);

/** The lab of a definition, as if it were read from a file. */
export const labOf = (definition: LabDefinition): Lab =>
  parseTopology(parseYaml(`${definition.name}.yaml`, fileText(definition))).lab;

/** Is a definition one that can be read? */
export function isValid(lab: LabDefinition): boolean {
  try {
    labOf(lab);
    return true;
  } catch {
    return false;
  }
}
