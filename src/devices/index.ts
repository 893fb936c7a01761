import { bridge } from './bridge.js';
import { veth } from './veth.js';

/** Every kind of device that a node can build inside its stack. */
export const deviceKinds = [bridge, veth] as const;
