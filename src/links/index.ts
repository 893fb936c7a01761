import { auto } from './auto.js';
import { bridge } from './bridge.js';
import { macvlan } from './macvlan.js';
import { macvtap } from './macvtap.js';
import { ovsPanel } from './ovs-panel.js';
import { ovsSwitch } from './ovs-switch.js';
import { redirect } from './redirect.js';
import { udp } from './udp.js';
import { veth } from './veth.js';

/** Every link kind. A new one is its file, this line and one topology. */
export const linkKinds = [
  veth,
  macvtap,
  macvlan,
  ovsPanel,
  ovsSwitch,
  bridge,
  redirect,
  udp,
] as const;

/** Every kind that a topology may write: those that are built, and the one that picks among them. */
export const writtenLinkKinds = [...linkKinds, auto] as const;
