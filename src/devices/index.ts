import { bridge } from './kinds/bridge.js';
import { dummy } from './kinds/dummy.js';
import { ipvlan } from './kinds/ipvlan.js';
import { macvlan } from './kinds/macvlan.js';
import { veth } from './kinds/veth.js';
import { vlan } from './kinds/vlan.js';

/** Every kind of device that a node can build inside its stack. */
export const deviceKinds = [bridge, dummy, ipvlan, macvlan, veth, vlan] as const;
