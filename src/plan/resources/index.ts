import type { ResourceType } from './define.js';
import { address } from './kinds/address.js';
import { agent } from './kinds/agent.js';
import { association } from './kinds/association.js';
import { bond } from './kinds/bond.js';
import { bridgeFdb } from './kinds/bridge-fdb.js';
import { bridgeMdb } from './kinds/bridge-mdb.js';
import { bridgePort } from './kinds/bridge-port.js';
import { bridge } from './kinds/bridge.js';
import { cloudInit } from './kinds/cloud-init.js';
import { channel } from './kinds/channel.js';
import { checksums } from './kinds/checksums.js';
import { command } from './kinds/command.js';
import { containerStack } from './kinds/container-stack.js';
import { container } from './kinds/container.js';
import { deviceFlags } from './kinds/device-flags.js';
import { deviceState } from './kinds/device-state.js';
import { device } from './kinds/device.js';
import { domain } from './kinds/domain.js';
import { fdb } from './kinds/fdb.js';
import { flow } from './kinds/flow.js';
import { group } from './kinds/group.js';
import { hostFilter } from './kinds/host-filter.js';
import { hsr } from './kinds/hsr.js';
import { logFile } from './kinds/log-file.js';
import { macvlanSource } from './kinds/macvlan-source.js';
import { macvlan } from './kinds/macvlan.js';
import { macvtap } from './kinds/macvtap.js';
import { mark } from './kinds/mark.js';
import { member } from './kinds/member.js';
import { mirror } from './kinds/mirror.js';
import { mtu } from './kinds/mtu.js';
import { netdevsim } from './kinds/netdevsim.js';
import { netns } from './kinds/netns.js';
import { nic } from './kinds/nic.js';
import { overlay } from './kinds/overlay.js';
import { ovsBridge } from './kinds/ovs-bridge.js';
import { ovsPort } from './kinds/ovs-port.js';
import { process } from './kinds/process.js';
import { pulledPlug } from './kinds/pulled-plug.js';
import { qdisc } from './kinds/qdisc.js';
import { redirect } from './kinds/redirect.js';
import { route } from './kinds/route.js';
import { rule } from './kinds/rule.js';
import { ruleset } from './kinds/ruleset.js';
import { seed } from './kinds/seed.js';
import { sysctl } from './kinds/sysctl.js';
import { tap } from './kinds/tap.js';
import { teamd } from './kinds/teamd.js';
import { tuntap } from './kinds/tuntap.js';
import { uplink } from './kinds/uplink.js';
import { veth } from './kinds/veth.js';
import { vrf } from './kinds/vrf.js';
import { wireguard } from './kinds/wireguard.js';

/** The registry: one line for each type. */
export const resourceTypes = [
  address,
  agent,
  association,
  bond,
  bridgeFdb,
  bridgeMdb,
  bridgePort,
  bridge,
  channel,
  checksums,
  cloudInit,
  command,
  containerStack,
  container,
  deviceFlags,
  deviceState,
  device,
  domain,
  fdb,
  flow,
  group,
  hostFilter,
  hsr,
  logFile,
  macvlanSource,
  macvlan,
  macvtap,
  mark,
  member,
  mirror,
  mtu,
  netdevsim,
  netns,
  nic,
  overlay,
  ovsBridge,
  ovsPort,
  process,
  pulledPlug,
  qdisc,
  redirect,
  route,
  rule,
  ruleset,
  seed,
  sysctl,
  tap,
  teamd,
  tuntap,
  uplink,
  veth,
  vrf,
  wireguard,
] as unknown as readonly ResourceType<unknown>[];

const byName = new Map(resourceTypes.map((one) => [one.type, one]));

/** The descriptor of a type. @throws RangeError for one that does not exist */
export function resourceType(type: string): ResourceType<unknown> {
  const found = byName.get(type);
  if (!found) throw new RangeError(`there is no type of resource ${type}`);
  return found;
}
