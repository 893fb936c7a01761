import { ipv4Text, mac, u16 } from './bytes.js';
import { malformed, short, type Layers } from './layers.js';

/** ARP for IPv4 over Ethernet: RFC 826. */
export interface Arp {
  readonly op: 'request' | 'reply' | number;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
}

const OPERATIONS: Readonly<Record<number, 'request' | 'reply'>> = { 1: 'request', 2: 'reply' };
const LENGTH = 28;

/** ARP packet. Only that of IPv4 over Ethernet is read (hardware type 1, protocol type 0x0800). */
export function decodeArp(bytes: Uint8Array): Layers {
  if (bytes.length < LENGTH) return short('arp', bytes, LENGTH);
  const op = u16(bytes, 6) ?? 0;
  const ethernetIpv4 = u16(bytes, 0) === 1 && u16(bytes, 2) === 0x0800 && u16(bytes, 4) === 0x0604;
  if (!ethernetIpv4) return malformed('arp', 'not for IPv4 over Ethernet');
  return {
    arp: {
      op: OPERATIONS[op] ?? op,
      senderMac: mac(bytes, 8),
      senderIp: ipv4Text(bytes, 14),
      targetMac: mac(bytes, 18),
      targetIp: ipv4Text(bytes, 24),
    },
  };
}
