import { deadInstances, removeInstances } from '../../verify/kernel/instances.js';
import { defineLeftover } from '../define.js';

/** Trace instances of `--kernel` that have outlived their patchlab. */
export const trace = defineLeftover({
  kind: 'trace',
  find: async () =>
    (await deadInstances()).map((name) => ({
      ...{ what: 'trace instance', name },
      why: 'its name ends with the number of the patchlab that has made it, and that one has ended',
    })),
  remove: (found) => removeInstances(found.map(({ name }) => name)),
});
