/** Frame classes: recipes for the frames that patchlab knows how to make. */
export const FRAME_CLASSES = [
  'lldp',
  'stp',
  'lacp',
  'dot1x',
  'pause',
  'cdp',
  'arp-request',
  'arp-reply',
  'icmp',
  'icmp6',
  'nd-solicitation',
  'nd-advertisement',
  'mdns',
  'igmp',
  'vlan-tagged',
  /** As long as the MTU allows. */
  'mtu',
  /** One octet longer. */
  'over-mtu',
  /** To the MAC of the receiving port. */
  'unicast-own',
  /** To a MAC behind the receiving node. */
  'unicast-foreign',
] as const;
export type FrameClass = (typeof FRAME_CLASSES)[number];

/** Classes of frames that probes of their own send, and programs that talk to each other. */
export const SPOKEN_CLASSES = ['udp', 'tcp', 'mld', 'vrrp', 'isis', 'dhcp'] as const;
export type SpokenClass = FrameClass | (typeof SPOKEN_CLASSES)[number];

/** What of an end of a path a frame depends on. */
export interface FrameEnd {
  /** MAC of the device, lower case with colons. */
  readonly mac: string;
  /** Octets that its MTU counts; 1500 when left out (RFC 894). */
  readonly mtu?: number | undefined;
}

/** The two ends of a path, in the direction of the frame. */
export interface FrameEnds {
  readonly from: FrameEnd;
  readonly to: FrameEnd;
}
