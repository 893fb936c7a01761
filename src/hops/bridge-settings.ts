import type { Hop, HopSettings } from './types.js';

/** What the kernel has for a port with a multicast router behind it, by its numbers: `mcast_router` of bridge(8). */
export const ROUTERS = ['never', 'auto', 'always'] as const;

/** One port of a Linux bridge, as the model reads it: ip-link(8) `bridge_slave`, bridge(8). */
export interface BridgePort {
  /** Reserved group addresses that it lets in, bit n for 01:80:c2:00:00:0n. */
  readonly mask: number;
  readonly isolated: boolean;
  /** It sends frames back that came by it. */
  readonly hairpin: boolean;
  /** VLAN of frames without a tag, which also leave without one; 0 for none. */
  readonly pvid: number;
  /** VLANs that cross it tagged. */
  readonly tagged: readonly number[];
  /** Of spanning tree: 0 to 63. */
  readonly priority: number;
  /** Of spanning tree: what a way over this port costs; by the speed of the device when left out. */
  readonly cost?: number;
  /** The bridge learns behind it who sends. */
  readonly learning: boolean;
  /** What goes to everybody it hands to this port too, by its destination: a MAC that it knows behind no port, a group, or all. */
  readonly floods: Readonly<Record<Flooded, boolean>>;
  /** Of spanning tree: a BPDU that comes in disables it. */
  readonly guard: boolean;
  /** Of spanning tree: it is never the way to the root. */
  readonly rootBlock: boolean;
  /** The bridge answers itself what it knows of those behind it, and does not ask there. */
  readonly suppressesNeighbours: boolean;
  /** Is there a multicast router behind it? `auto` where one is heard. */
  readonly router: (typeof ROUTERS)[number];
  /** MACs that the bridge was told are behind it, or are the bridge's own; in all VLANs where none is said. */
  readonly entries: readonly (InVlan & { readonly isOwn: boolean })[];
  /** Groups that the bridge was told go to it, by their IP address or, of frames without one, by their MAC. */
  readonly groups: readonly (InVlan & { readonly ip: string | undefined })[];
  /** The only MACs that may send by it, where there is such a list. The bridge knows them there. */
  readonly macs?: readonly string[];
}

/** An address in a VLAN, or in all. */
interface InVlan {
  readonly mac: string;
  readonly vlan: number | undefined;
}

/** To whom a frame is that goes to every port. */
export type Flooded = 'unicast' | 'multicast' | 'broadcast';

/** A Linux bridge, as the model reads it: ip-link(8) `type bridge`. */
export interface BridgeSettings extends HopSettings {
  readonly stp: boolean;
  /** Upper half of the bridge identifier of spanning tree. */
  readonly priority: number;
  /** The mask of the bridge as a whole. */
  readonly mask: number;
  readonly vlan_filtering: boolean;
  readonly snooping: boolean;
  readonly querier: boolean;
  /** Its own device has an IPv6 address, some time after it has a carrier. */
  readonly hasIpv6: boolean;
  /** The file gives its own device an address, so that it may know neighbours. */
  readonly hasAddress?: boolean;
  /** By the id of its hop, in the order in which they joined. */
  readonly ports: Readonly<Record<string, BridgePort>>;
}

/** A port that nobody set anything of: VLAN 1 untagged (net/bridge/br_private.h), priority 32 (br_private_stp.h). */
export const PLAIN_PORT: BridgePort = {
  ...{ mask: 0, isolated: false, hairpin: false, pvid: 1, tagged: [], priority: 32 },
  ...{ learning: true, floods: { unicast: true, multicast: true, broadcast: true } },
  ...{
    guard: false,
    rootBlock: false,
    suppressesNeighbours: false,
    router: 'auto',
    entries: [],
    groups: [],
  },
};

/** A bridge that nobody set anything of. */
export const PLAIN_BRIDGE: BridgeSettings = {
  ...{ stp: false, priority: 0x8000, mask: 0, vlan_filtering: false },
  ...{ snooping: false, querier: false, hasIpv6: false, ports: {} },
};

/** The settings of a port; the bridge's own device has those that nobody set. */
export const portOf = (
  { settings }: Hop<BridgeSettings>,
  port: Pick<Hop, 'id'> | undefined,
): BridgePort => settings.ports[port?.id ?? ''] ?? PLAIN_PORT;

/** Is it that address in that VLAN? */
export const isAt = (entry: InVlan, mac: string, vlan: number): boolean =>
  entry.mac === mac && (entry.vlan === undefined || entry.vlan === vlan);
