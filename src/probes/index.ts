import { arp } from './kinds/arp.js';
import { carrier } from './kinds/carrier.js';
import { frame } from './kinds/frame.js';
import { icmp } from './kinds/icmp.js';
import { lldp } from './kinds/lldp.js';

/** Every probe kind. */
export const probeKinds = [lldp, arp, icmp, frame, carrier] as const;
