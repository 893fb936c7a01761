import { carrier } from './carrier.js';
import { checksum } from './checksum.js';
import { closed } from './closed.js';
import type { CauseKind, Explanation, LostFrame, Incident } from './define.js';
import { drift } from './drift.js';
import { filter } from './filter.js';
import { flow } from './flow.js';
import { guest } from './guest.js';
import { missing } from './missing.js';
import { neighbour } from './neighbour.js';
import { port } from './port.js';
import { sender } from './sender.js';
import { silent } from './silent.js';

/** Every cause, the surest first. */
const causeKinds: readonly CauseKind[] = [
  guest,
  missing,
  sender,
  carrier,
  port,
  neighbour,
  flow,
  drift,
  filter,
  closed,
  checksum,
  silent,
];

/** Those that keep more than frames from coming through. */
const stateCauses: readonly CauseKind<Incident>[] = [guest, missing, port, carrier];

/** What the state of the devices says about a loss; nothing where all is as the topology has it. */
export const findCause = (scene: LostFrame): Explanation | undefined =>
  firstFound(causeKinds, scene);

/** The same of what is no frame: a carrier. */
export const findStateCause = (scene: Incident): Explanation | undefined =>
  firstFound(stateCauses, scene);

function firstFound<S extends Incident>(
  kinds: readonly CauseKind<S>[],
  scene: S,
): Explanation | undefined {
  for (const kind of kinds) {
    const found = kind.find(scene);
    if (found) return found;
  }
  return undefined;
}
