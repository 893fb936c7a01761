import { hex, ipv4Text, ipv6Text, mac, text, u16 } from './bytes.js';
import { malformed, type Layers } from './layers.js';

/**
 * An LLDP identifier: its subtype number (tables 8-2 and 8-3) and its value as text: MAC and IP
 * addresses in their usual form, names as they are, anything else as hex with colons.
 */
interface LldpId {
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
  /** Bits of table 8-4: 0x04 is a bridge, 0x10 a router, 0x80 a station. */
  readonly capabilities?: { readonly available: number; readonly enabled: number };
  readonly managementAddresses: readonly string[];
  /** TLVs that an organisation has defined (8.6). */
  readonly organisation: readonly LldpOrganisation[];
}

interface LldpOrganisation {
  /** `00:80:c2` is IEEE 802.1, `00:12:0f` IEEE 802.3. */
  readonly oui: string;
  readonly subtype: number;
  readonly value: Uint8Array;
}

/** Types of TLVs: table 8-1. */
const TYPE = {
  end: 0,
  chassisId: 1,
  portId: 2,
  ttl: 3,
  portDescription: 4,
  systemName: 5,
  systemDescription: 6,
  capabilities: 7,
  managementAddress: 8,
  organisation: 127,
};

interface Tlv {
  readonly type: number;
  readonly value: Uint8Array;
}

/** Subtypes whose value is a MAC address or a network address: tables 8-2 and 8-3. */
const CHASSIS = { mac: 4, network: 5 };
const PORT = { mac: 3, network: 4 };

function readId(value: Uint8Array, types: typeof CHASSIS): LldpId {
  const [subtype = 0] = value;
  const body = value.subarray(1);
  if (subtype === types.mac) return { subtype, value: mac(body) || hex(body) };
  if (subtype === types.network) return { subtype, value: networkAddress(body) };
  return { subtype, value: text(body) };
}

/** An address after its family number (IANA: 1 is IPv4, 2 is IPv6, 6 a MAC address). */
function networkAddress(body: Uint8Array): string {
  const [family] = body;
  if (family === 1 && body.length === 5) return ipv4Text(body, 1);
  if (family === 2 && body.length === 17) return ipv6Text(body, 1);
  return family === 6 && body.length === 7 ? mac(body, 1) : hex(body);
}

/** 8.5.9: the address comes after one byte that tells its length. */
const managementAddress = ([length = 0, ...rest]: Uint8Array): string =>
  networkAddress(Uint8Array.from(rest.slice(0, length)));

/** The TLVs before the end, and the rest that makes none: a TLV that claims more bytes than there are. */
function readTlvs(bytes: Uint8Array): { tlvs: readonly Tlv[]; rest: Uint8Array } {
  const tlvs: Tlv[] = [];
  let at = 0;
  for (;;) {
    const rest = bytes.subarray(at);
    const header = u16(rest, 0);
    if (header === undefined) return { tlvs, rest };
    const [type, end] = [header >> 9, 2 + (header & 0x1ff)];
    if (type === TYPE.end) return { tlvs, rest: new Uint8Array(0) };
    if (end > rest.length) return { tlvs, rest };
    tlvs.push({ type, value: rest.subarray(2, end) });
    at += end;
  }
}

const isMandatory = ([chassis, port, ttl]: readonly Tlv[]): boolean =>
  chassis?.type === TYPE.chassisId &&
  chassis.value.length >= 2 &&
  port?.type === TYPE.portId &&
  port.value.length >= 2 &&
  ttl?.type === TYPE.ttl &&
  ttl.value.length >= 2;

/** LLDPDU: malformed where a mandatory TLV is missing, empty or out of order (IEEE 802.1AB, 9.2.7.7.1). */
export function decodeLldp(bytes: Uint8Array): Layers {
  const { tlvs, rest } = readTlvs(bytes);
  const [chassis, port, ttl] = tlvs;
  if (!isMandatory(tlvs) || !chassis || !port || !ttl) {
    return malformed('lldp', 'it does not begin with chassis, port and time to live');
  }
  const optional = tlvs.slice(3);
  const texts = {
    portDescription: textOf(optional, TYPE.portDescription),
    systemName: textOf(optional, TYPE.systemName),
    systemDescription: textOf(optional, TYPE.systemDescription),
  };
  const capabilities = valuesOf(optional, TYPE.capabilities)[0];
  const lldp: Lldp = {
    chassisId: readId(chassis.value, CHASSIS),
    portId: readId(port.value, PORT),
    ttl: u16(ttl.value, 0) ?? 0,
    ...(Object.fromEntries(
      Object.entries(texts).filter(([, value]) => value !== undefined),
    ) as Partial<Record<keyof typeof texts, string>>),
    ...(capabilities && {
      capabilities: { available: u16(capabilities, 0) ?? 0, enabled: u16(capabilities, 2) ?? 0 },
    }),
    managementAddresses: valuesOf(optional, TYPE.managementAddress).map(managementAddress),
    organisation: valuesOf(optional, TYPE.organisation).map((value) => ({
      oui: hex(value.subarray(0, 3)),
      subtype: value[3] ?? 0,
      value: value.subarray(4),
    })),
  };
  return { lldp, ...(rest.length > 0 && malformed('lldp', 'its last TLV is cut short')) };
}

const valuesOf = (tlvs: readonly Tlv[], wanted: number): readonly Uint8Array[] =>
  tlvs.filter(({ type }) => type === wanted).map(({ value }) => value);

const textOf = (tlvs: readonly Tlv[], wanted: number): string | undefined =>
  valuesOf(tlvs, wanted).map(text)[0];
