import { rm } from 'node:fs/promises';
import { endAllUnfinished, unfinishedStates } from '../../guests/make-state.js';
import { unfinishedImages } from '../../guests/kept.js';
import { defineLeftover } from '../define.js';

/** What `up` and `guest build` were killed over in the cache. What is whole there is the matter of `guest prune`. */
export const unfinished = defineLeftover({
  kind: 'unfinished',
  async find() {
    const [states, images] = await Promise.all([unfinishedStates(), unfinishedImages()]);
    return [
      ...states.map((name) => ({
        ...{ what: 'stored state', name },
        why: 'it was never finished, and nobody makes it any more',
      })),
      ...images.map((name) => ({
        ...{ what: 'guest image', name },
        why: 'it was never finished, and is too old to be in the making',
      })),
    ];
  },
  async remove() {
    await endAllUnfinished();
    for (const path of await unfinishedImages()) await rm(path, { recursive: true, force: true });
  },
});
