import type { ControllerKind } from './define.js';
import { faucet } from './kinds/faucet.js';
import { odl } from './kinds/odl.js';
import { onos } from './kinds/onos.js';
import { osKen } from './kinds/os-ken.js';
import { pox } from './kinds/pox.js';

/** The registry: one line for each kind of controller. */
export const controllerKinds: readonly ControllerKind[] = [osKen, faucet, onos, odl, pox];

const byKind = new Map(controllerKinds.map((one) => [one.kind, one]));

/** The descriptor of a kind. @throws RangeError for one that does not exist */
export function controllerKind(kind: string): ControllerKind {
  const found = byKind.get(kind);
  if (!found) throw new RangeError(`there is no kind of controller ${kind}`);
  return found;
}
