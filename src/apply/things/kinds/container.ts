import {
  containerKey,
  containerNamed,
  LAB_LABEL,
  removeContainer,
} from '../../../containers/commands.js';
import { containerEngines } from '../../../containers/index.js';
import { labsOfContainers, markedContainers } from '../../containers.js';
import { defineThing, type Marked } from '../define.js';

/** A container of an engine, by a name such as `docker/LAB.NODE`. Its label is the mark. */
export const container = defineThing({
  type: 'container',
  noun: 'container',
  mark: (lab) => `its label ${LAB_LABEL} is ${lab}`,
  read: labsOfContainers,
  isOurs: (there: string, _owned, lab) => there === lab,
  async marked(lab) {
    const found = await Promise.all(containerEngines.map((one) => markedContainers(one, lab)));
    return found.flat().map((one): Marked => ({
      lab: one.lab,
      owned: { type: 'container', name: containerKey(one) },
    }));
  },
  removal: ({ name }) => ['stacks', { tool: 'exec', argv: removeContainer(containerNamed(name)) }],
});
