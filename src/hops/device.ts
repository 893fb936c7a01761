/** What `ip -d -j address show` says of a device: ip-address(8). */
export interface DeviceState {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly address: string;
  /** Device that it is a port of. */
  readonly master?: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: Readonly<Record<string, unknown>>;
    readonly info_slave_data?: Readonly<Record<string, unknown>>;
  };
  /** VLANs of a port of a bridge: bridge(8) `vlan show`, with flags `PVID` and `Egress Untagged`. */
  readonly vlans?: readonly {
    readonly vlan: number;
    readonly vlanEnd?: number;
    readonly flags?: readonly string[];
  }[];
  readonly addr_info: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

/** Does a device have a flag: netdevice(7), ip-link(8)? */
export const hasFlag = ({ flags }: DeviceState, flag: string): boolean => flags.includes(flag);

/** Settings that any device shows. */
export const plainly = (device: DeviceState) => ({
  mac: device.address,
  mtu: device.mtu,
  down: !hasFlag(device, 'UP'),
});

/** Those that say what is let in beyond what is for the device itself. */
export const openness = (device: DeviceState) => ({
  promisc: hasFlag(device, 'PROMISC'),
  allmulticast: hasFlag(device, 'ALLMULTI'),
});
