import { arp } from './arp.js';
import { frame } from './frame.js';
import { icmp } from './icmp.js';
import { lldp } from './lldp.js';

/** Every probe kind. */
export const probeKinds = [lldp, arp, icmp, frame] as const;
