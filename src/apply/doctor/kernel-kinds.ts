import type { KernelPart } from './define.js';

/** How a device kind is tried, and where the kernel has it from. */
export interface KernelKind extends Required<KernelPart> {
  /** What to tell `ip`. `LOWER` is an Ethernet device that is there, `INDEX` a number that no device of the machine has. */
  readonly make: string;
}

const link = (config: string, module: string, rest: string): KernelKind => ({
  config,
  module,
  make: `link add name probe index INDEX ${rest}`,
});
const tuntap = (mode: string): KernelKind => ({
  config: 'TUN',
  module: 'tun',
  make: `tuntap add mode ${mode} name probe`,
});

/**
 * The kinds of devices that patchlab knows to try, by the name that `ip link add type` takes, and
 * `tun` and `tap`. Options are those of drivers/net/Kconfig and net/{8021q,bridge,ipv4}/Kconfig.
 */
export const KERNEL_KINDS: Readonly<Record<string, KernelKind>> = {
  bond: link('BONDING', 'bonding', 'type bond'),
  bridge: link('BRIDGE', 'bridge', 'type bridge'),
  'bridge-vlan-filtering': link('BRIDGE_VLAN_FILTERING', 'bridge', 'type bridge vlan_filtering 1'),
  dummy: link('DUMMY', 'dummy', 'type dummy'),
  geneve: link('GENEVE', 'geneve', 'type geneve id 1 remote 192.0.2.1'),
  gre: link('NET_IPGRE', 'ip_gre', 'type gre local 192.0.2.2 remote 192.0.2.1'),
  gretap: link('NET_IPGRE', 'ip_gre', 'type gretap local 192.0.2.2 remote 192.0.2.1'),
  hsr: link('HSR', 'hsr', 'type hsr slave1 LOWER slave2 lower-peer'),
  ifb: link('IFB', 'ifb', 'type ifb'),
  ip6gretap: link('IPV6_GRE', 'ip6_gre', 'type ip6gretap local 2001:db8::2 remote 2001:db8::1'),
  ipip: link('NET_IPIP', 'ipip', 'type ipip local 192.0.2.2 remote 192.0.2.1'),
  ipvlan: link('IPVLAN', 'ipvlan', 'link LOWER type ipvlan'),
  ipvtap: link('IPVTAP', 'ipvtap', 'link LOWER type ipvtap'),
  macsec: link('MACSEC', 'macsec', 'link LOWER type macsec'),
  macvlan: link('MACVLAN', 'macvlan', 'link LOWER type macvlan mode bridge'),
  macvtap: link('MACVTAP', 'macvtap', 'link LOWER type macvtap mode vepa'),
  netdevsim: link('NETDEVSIM', 'netdevsim', 'type netdevsim'),
  nlmon: link('NLMON', 'nlmon', 'type nlmon'),
  openvswitch: link('OPENVSWITCH', 'openvswitch', 'type openvswitch'),
  sit: link('IPV6_SIT', 'sit', 'type sit local 192.0.2.2 remote 192.0.2.1'),
  tap: tuntap('tap'),
  team: link('NET_TEAM', 'team', 'type team'),
  tun: tuntap('tun'),
  veth: link('VETH', 'veth', 'type veth peer name peer'),
  vlan: link('VLAN_8021Q', '8021q', 'link LOWER type vlan id 2'),
  vrf: link('NET_VRF', 'vrf', 'type vrf table 10'),
  vxlan: link('VXLAN', 'vxlan', 'type vxlan id 1 dstport 4789 remote 192.0.2.1'),
  wireguard: link('WIREGUARD', 'wireguard', 'type wireguard'),
};
