import { ipv4Text, mac, u16 } from './bytes.js';

/** ARP for IPv4 over Ethernet: RFC 826. */
export interface Arp {
  readonly op: 'request' | 'reply' | number;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
}

const OPERATIONS: Readonly<Record<number, 'request' | 'reply'>> = { 1: 'request', 2: 'reply' };

/** Decode an ARP packet; undefined where it is cut short or is not for IPv4 over Ethernet. */
export function decodeArp(bytes: Uint8Array): Arp | undefined {
  const op = u16(bytes, 6);
  const ethernetIpv4 = u16(bytes, 0) === 1 && u16(bytes, 2) === 0x0800 && u16(bytes, 4) === 0x0604;
  if (op === undefined || !ethernetIpv4 || bytes.length < 28) return undefined;
  return {
    op: OPERATIONS[op] ?? op,
    senderMac: mac(bytes, 8),
    senderIp: ipv4Text(bytes, 14),
    targetMac: mac(bytes, 18),
    targetIp: ipv4Text(bytes, 24),
  };
}
