import { auto } from './kinds/auto.js';
import { bridge } from './kinds/bridge.js';
import { macvlan } from './kinds/macvlan.js';
import { macvtap } from './kinds/macvtap.js';
import { ovsPanel } from './kinds/ovs-panel.js';
import { ovsSwitch } from './kinds/ovs-switch.js';
import { redirect } from './kinds/redirect.js';
import { udp } from './kinds/udp.js';
import { veth } from './kinds/veth.js';

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
