import { staleScratch, sweepScratch } from '../../apply/scratch.js';
import { defineLeftover } from '../define.js';

/** Folders of processes that were killed: pipes of programs, captures, packages of an image that was being built. */
export const folder = defineLeftover({
  kind: 'folder',
  find: () =>
    Promise.resolve(
      staleScratch().map((name) => ({
        ...{ what: 'folder', name },
        why: 'its name tells the patchlab that has made it, and that one has ended',
      })),
    ),
  remove() {
    sweepScratch();
    return Promise.resolve();
  },
});
