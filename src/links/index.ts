import { bridge } from './bridge.js';
import { macvtap } from './macvtap.js';
import { ovsPanel } from './ovs-panel.js';
import { ovsSwitch } from './ovs-switch.js';
import { udp } from './udp.js';
import { veth } from './veth.js';

/** Every link kind. A new one is its file, this line and one topology. */
export const linkKinds = [veth, macvtap, ovsPanel, ovsSwitch, bridge, udp] as const;
