import { decodeArp, type Arp } from './decode/arp.js';
import { mac, u16 } from './decode/bytes.js';
import {
  decodeIcmp,
  decodeIcmp6,
  decodeIpv4,
  decodeIpv6,
  type Icmp,
  type Ipv4,
  type Ipv6,
} from './decode/ip.js';
import { decodeLldp, type Lldp } from './decode/lldp.js';

/** An Ethernet frame taken apart as far as probes read it: IEEE 802.3, IEEE 802.1Q. */
export interface Frame {
  /** MAC addresses in lower case with colons. */
  readonly dst: string;
  readonly src: string;
  /** VLAN tags from the outside in. */
  readonly vlans: readonly Vlan[];
  /** EtherType; undefined for a frame that has a length and LLC instead. */
  readonly etherType: number | undefined;
  readonly arp?: Arp;
  readonly ipv4?: Ipv4;
  readonly ipv6?: Ipv6;
  readonly icmp?: Icmp;
  readonly icmp6?: Icmp;
  readonly lldp?: Lldp;
}

export interface Vlan {
  /** EtherType of the tag: 0x8100 or 0x88a8. */
  readonly tpid: number;
  readonly id: number;
  readonly priority: number;
}

type Layers = Pick<Frame, 'arp' | 'ipv4' | 'ipv6' | 'icmp' | 'icmp6' | 'lldp'>;
type LayerDecoder = (body: Uint8Array) => Layers;

/** Drop what could not be decoded, so that a layer is there or is not. */
const present = (layers: { [K in keyof Layers]: Layers[K] | undefined }): Layers =>
  Object.fromEntries(Object.entries(layers).filter(([, layer]) => layer !== undefined));

const ICMP = 1;
const ICMP6 = 58;

const layerDecoders: Readonly<Record<number, LayerDecoder>> = {
  0x0806: (body) => present({ arp: decodeArp(body) }),
  0x88cc: (body) => present({ lldp: decodeLldp(body) }),
  0x0800(body) {
    const ip = decodeIpv4(body);
    const icmp = ip?.protocol === ICMP ? decodeIcmp(ip.body) : undefined;
    return present({ ipv4: ip?.header, icmp });
  },
  0x86dd(body) {
    const ip = decodeIpv6(body);
    const icmp6 = ip?.protocol === ICMP6 ? decodeIcmp6(ip.body) : undefined;
    return present({ ipv6: ip?.header, icmp6 });
  },
};

const TAGS = new Set([0x8100, 0x88a8]);
/** Values below are lengths (IEEE 802.3, 3.2.6). */
const FIRST_ETHERTYPE = 0x0600;

/** Take a frame apart. Never throws: what is cut short or malformed is simply not there. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const vlans: Vlan[] = [];
  let at = 12;
  for (let tpid = u16(bytes, at); tpid !== undefined && TAGS.has(tpid); tpid = u16(bytes, at)) {
    const tag = u16(bytes, at + 2) ?? 0;
    vlans.push({ tpid, id: tag & 0xfff, priority: tag >> 13 });
    at += 4;
  }
  const type = u16(bytes, at);
  const etherType = type !== undefined && type >= FIRST_ETHERTYPE ? type : undefined;
  const decode = etherType === undefined ? undefined : layerDecoders[etherType];
  return {
    dst: mac(bytes, 0),
    src: mac(bytes, 6),
    vlans,
    etherType,
    ...decode?.(bytes.subarray(at + 2)),
  };
}

/** One line for a report, as tcpdump would put it. */
export function describeFrame({
  arp,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  lldp,
  src,
  dst,
  etherType,
}: Frame): string {
  if (lldp) return `LLDP chassis ${lldp.chassisId.value}, port ${lldp.portId.value}`;
  if (arp?.op === 'request') return `ARP who-has ${arp.targetIp} tell ${arp.senderIp}`;
  if (arp?.op === 'reply') return `ARP ${arp.senderIp} is-at ${arp.senderMac}`;
  const ip = ipv4 ?? ipv6;
  const message = icmp ?? icmp6;
  if (ip && message) return `${icmp ? 'ICMP' : 'ICMPv6'} ${message.kind} ${ip.src} > ${ip.dst}`;
  const type = etherType === undefined ? 'LLC' : `0x${etherType.toString(16).padStart(4, '0')}`;
  return `${src} > ${dst}, ${type}`;
}
