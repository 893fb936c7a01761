import { ascii, ipv4Text, ipv6Text, mac, u16 } from './bytes.js';

/** An LLDP identifier: its subtype number and its value as text. */
export interface LldpId {
  readonly subtype: number;
  readonly value: string;
}

/** What an LLDPDU says of its sender: IEEE 802.1AB-2016, clause 8. */
export interface Lldp {
  readonly chassisId: LldpId;
  readonly portId: LldpId;
  /** Seconds for which it holds; 0 takes it back. */
  readonly ttl: number;
  readonly portDescription?: string;
  readonly systemName?: string;
  readonly systemDescription?: string;
}

/** Subtypes whose value is a MAC address or a network address: tables 8-2 and 8-3. */
const CHASSIS = { mac: 4, network: 5 };
const PORT = { mac: 3, network: 4 };

function readId(value: Uint8Array, types: typeof CHASSIS): LldpId {
  const [subtype = 0] = value;
  const body = value.subarray(1);
  if (subtype === types.mac && body.length === 6) return { subtype, value: mac(body) };
  if (subtype === types.network) return { subtype, value: networkAddress(body) };
  return { subtype, value: ascii(body) };
}

/** An address after its family number (IANA: 1 is IPv4, 2 is IPv6). */
function networkAddress(body: Uint8Array): string {
  const [family] = body;
  if (family === 1 && body.length === 5) return ipv4Text(body, 1);
  if (family === 2 && body.length === 17) return ipv6Text(body, 1);
  return ascii(body);
}

/** Decode an LLDPDU; undefined where a mandatory TLV is missing or out of order (8.2). */
export function decodeLldp(bytes: Uint8Array): Lldp | undefined {
  const tlvs: { type: number; value: Uint8Array }[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const header = u16(bytes, at) ?? 0;
    const [type, length] = [header >> 9, header & 0x1ff];
    if (type === 0 || at + 2 + length > bytes.length) break;
    tlvs.push({ type, value: bytes.subarray(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  const [chassis, port, ttl] = tlvs;
  if (chassis?.type !== 1 || port?.type !== 2 || ttl?.type !== 3) return undefined;
  const text = (type: number): string | undefined => {
    const found = tlvs.find((tlv) => tlv.type === type);
    return found && ascii(found.value);
  };
  const [portDescription, systemName, systemDescription] = [text(4), text(5), text(6)];
  return {
    chassisId: readId(chassis.value, CHASSIS),
    portId: readId(port.value, PORT),
    ttl: u16(ttl.value, 0) ?? 0,
    ...(portDescription !== undefined && { portDescription }),
    ...(systemName !== undefined && { systemName }),
    ...(systemDescription !== undefined && { systemDescription }),
  };
}
