import { arp } from './kinds/arp.js';
import { carrier } from './kinds/carrier.js';
import { dhcp } from './kinds/dhcp.js';
import { discovery } from './kinds/discovery.js';
import { frame } from './kinds/frame.js';
import { icmp } from './kinds/icmp.js';
import { igmp } from './kinds/igmp.js';
import { isis } from './kinds/isis.js';
import { lldp } from './kinds/lldp.js';
import { mld } from './kinds/mld.js';
import { tcp } from './kinds/tcp.js';
import { udp } from './kinds/udp.js';
import { vrrp } from './kinds/vrrp.js';

/** Every probe kind. */
export const probeKinds = [
  lldp,
  arp,
  icmp,
  udp,
  tcp,
  dhcp,
  igmp,
  mld,
  vrrp,
  isis,
  frame,
  carrier,
  discovery,
] as const;
