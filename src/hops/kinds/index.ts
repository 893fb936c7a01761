import type { HopKind } from '../types.js';
import { bond } from './bond.js';
import { bridge } from './bridge.js';
import { dummy } from './dummy.js';
import { hsr } from './hsr.js';
import { ifb } from './ifb.js';
import { ipvlan } from './ipvlan.js';
import { macsec } from './macsec.js';
import { macvlan } from './macvlan.js';
import { macvtap } from './macvtap.js';
import { netdevsim } from './netdevsim.js';
import { nic } from './nic.js';
import { nlmon } from './nlmon.js';
import { ovsInternal } from './ovs-internal.js';
import { ovsPanel } from './ovs-panel.js';
import { ovsPatch } from './ovs-patch.js';
import { ovsSwitch } from './ovs-switch.js';
import { redirect } from './redirect.js';
import { stack } from './stack.js';
import { tap } from './tap.js';
import { team } from './team.js';
import { tunnel } from './tunnel.js';
import { tunnelEnd } from './tunnel-end.js';
import { tuntap } from './tuntap.js';
import { udp } from './udp.js';
import { veth } from './veth.js';
import { uplink } from './uplink.js';
import { vlan } from './vlan.js';
import { vrf } from './vrf.js';
import { wireguard } from './wireguard.js';

/** Every hop kind. */
export const hopKinds: readonly HopKind[] = [
  nic,
  veth,
  dummy,
  netdevsim,
  ifb,
  nlmon,
  vlan,
  tap,
  tuntap,
  macsec,
  macvtap,
  macvlan,
  ipvlan,
  bond,
  team,
  hsr,
  bridge,
  ovsInternal,
  ovsPanel,
  ovsPatch,
  ovsSwitch,
  redirect,
  udp,
  uplink,
  vrf,
  tunnel,
  tunnelEnd,
  wireguard,
  stack,
];

const byName = new Map(hopKinds.map((kind) => [kind.kind, kind]));

/** The rules of a hop. */
export function rulesOf(kind: string): HopKind {
  const rules = byName.get(kind);
  if (!rules) throw new RangeError(`no hop kind is named ${kind}`);
  return rules;
}
