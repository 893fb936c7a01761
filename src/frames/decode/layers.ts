import type { Arp } from './arp.js';
import type { Cdp } from './cdp.js';
import type { Eapol } from './eapol.js';
import type { Gre } from './gre.js';
import type { HsrTag, Supervision } from './hsr.js';
import type { Icmp } from './icmp.js';
import type { Icmp6 } from './icmp6.js';
import type { Igmp } from './igmp.js';
import type { Ipv4, Ipv6 } from './ip.js';
import type { Lacp } from './lacp.js';
import type { Llc } from './llc.js';
import type { SecTag } from './macsec.js';
import type { Lldp } from './lldp.js';
import type { Pause } from './pause.js';
import type { Stp } from './stp.js';
import type { Tcp } from './tcp.js';
import type { Udp } from './udp.js';

/** What decoders find in a frame behind its Ethernet header; a layer is there or is not. */
export interface Layers {
  readonly llc?: Llc;
  readonly arp?: Arp;
  readonly ipv4?: Ipv4;
  readonly ipv6?: Ipv6;
  readonly icmp?: Icmp;
  readonly icmp6?: Icmp6;
  readonly igmp?: Igmp;
  readonly udp?: Udp;
  readonly tcp?: Tcp;
  readonly gre?: Gre;
  /** The packet that follows the header of this one, whose protocol tells what it is. */
  readonly packet?: Uint8Array;
  readonly macsec?: SecTag;
  readonly hsrTag?: HsrTag;
  readonly supervision?: Supervision;
  readonly lldp?: Lldp;
  readonly stp?: Stp;
  readonly lacp?: Lacp;
  readonly eapol?: Eapol;
  readonly pause?: Pause;
  readonly cdp?: Cdp;
  /** The layer that could not be read, and why: malformed, or cut short by the capture. */
  readonly malformed?: string;
}

/** Reads one layer, and by further decoders what it carries. Never throws. */
export type LayerDecoder = (body: Uint8Array) => Layers;

/** What a decoder gives back for bytes that it cannot read. */
export const malformed = (layer: string, why: string): Layers => ({
  malformed: `${layer}: ${why}`,
});

/** The same for a layer of which fewer bytes are there than it must have. */
export const short = (layer: string, { length }: Uint8Array, least: number): Layers =>
  malformed(layer, `${length} of ${least} bytes`);
