import { bond } from './kinds/bond.js';
import { bridge } from './kinds/bridge.js';
import { veth } from './kinds/veth.js';
import { vrf } from './kinds/vrf.js';

/** Every kind of device that a node can build inside its stack. */
export const deviceKinds = [bond, bridge, veth, vrf] as const;
