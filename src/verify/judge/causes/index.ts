import { carrier } from './carrier.js';
import type { CauseKind, Explanation, LostFrame } from './define.js';
import { drift } from './drift.js';
import { filter } from './filter.js';
import { flow } from './flow.js';
import { guest } from './guest.js';
import { missing } from './missing.js';
import { port } from './port.js';
import { silent } from './silent.js';

/** Every cause, the surest first. */
const causeKinds: readonly CauseKind[] = [
  guest,
  missing,
  carrier,
  port,
  flow,
  drift,
  filter,
  silent,
];

/** What the state of the devices says about a loss; nothing where all is as the topology has it. */
export function findCause(scene: LostFrame): Explanation | undefined {
  for (const kind of causeKinds) {
    const found = kind.find(scene);
    if (found) return found;
  }
  return undefined;
}
