import { bond } from './kinds/bond.js';
import { bridge } from './kinds/bridge.js';
import { dummy } from './kinds/dummy.js';
import { geneve } from './kinds/geneve.js';
import { gre } from './kinds/gre.js';
import { gretap } from './kinds/gretap.js';
import { hsr } from './kinds/hsr.js';
import { ifb } from './kinds/ifb.js';
import { ip6gretap } from './kinds/ip6gretap.js';
import { ipip } from './kinds/ipip.js';
import { ipvlan } from './kinds/ipvlan.js';
import { ipvtap } from './kinds/ipvtap.js';
import { macsec } from './kinds/macsec.js';
import { macvlan } from './kinds/macvlan.js';
import { macvtap } from './kinds/macvtap.js';
import { netdevsim } from './kinds/netdevsim.js';
import { nlmon } from './kinds/nlmon.js';
import { ovs } from './kinds/ovs.js';
import { sit } from './kinds/sit.js';
import { tap } from './kinds/tap.js';
import { team } from './kinds/team.js';
import { tun } from './kinds/tun.js';
import { veth } from './kinds/veth.js';
import { vlan } from './kinds/vlan.js';
import { vrf } from './kinds/vrf.js';
import { vxlan } from './kinds/vxlan.js';
import { wireguard } from './kinds/wireguard.js';

/** Every kind of device that a node can build inside its stack. */
export const deviceKinds = [
  bond,
  bridge,
  dummy,
  geneve,
  gre,
  gretap,
  hsr,
  ifb,
  ip6gretap,
  ipip,
  ipvlan,
  ipvtap,
  macsec,
  macvlan,
  macvtap,
  netdevsim,
  nlmon,
  ovs,
  sit,
  tap,
  team,
  tun,
  veth,
  vlan,
  vrf,
  vxlan,
  wireguard,
] as const;
