import { hex, ipv4Text, mac, u32 } from './bytes.js';

/** DHCP: RFC 2131, RFC 2132. */
export interface Dhcp {
  /** Address that the server gives; 0.0.0.0 for none. */
  readonly yourAddress: string;
  /** MAC of the client. */
  readonly client: string;
  /** What it is: 1 DISCOVER, 2 OFFER, 3 REQUEST, 5 ACK. */
  readonly type: number | undefined;
  /** Client identifier, as hexadecimal digits. */
  readonly clientId: string | undefined;
}

const COOKIE = 0x63825363;
const [PAD, TYPE, CLIENT_ID, END] = [0, 53, 61, 255];
const OPTIONS = 240;

/** What a datagram of DHCP says; nothing where it is none. */
export function decodeDhcp(bytes: Uint8Array): Dhcp | undefined {
  if (u32(bytes, OPTIONS - 4) !== COOKIE) return undefined;
  const options = optionsOf(bytes);
  return {
    yourAddress: ipv4Text(bytes, 16),
    client: mac(bytes, 28),
    type: options.get(TYPE)?.[0],
    clientId: textOf(options.get(CLIENT_ID)),
  };
}

const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && hex(bytes).replaceAll(':', '');

/** RFC 2132, 2: each has a number, a length and that many octets; padding and the end have none. */
function optionsOf(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = OPTIONS; at < bytes.length && bytes[at] !== END;) {
    const [number = END, length = 0] = bytes.subarray(at);
    if (number !== PAD) options.set(number, bytes.subarray(at + 2, at + 2 + length));
    at += number === PAD ? 1 : 2 + length;
  }
  return options;
}
