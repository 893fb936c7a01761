import { decodeArp } from './decode/arp.js';
import { mac, u16 } from './decode/bytes.js';
import { decodeEapol } from './decode/eapol.js';
import { decodeHsr, decodePrp } from './decode/hsr.js';
import { decodeIpv4, decodeIpv6 } from './decode/ip.js';
import { decodeSlow } from './decode/lacp.js';
import { malformed, short, type LayerDecoder, type Layers } from './decode/layers.js';
import { decodeLlc } from './decode/llc.js';
import { decodeLldp } from './decode/lldp.js';
import { decodeMacsec } from './decode/macsec.js';
import { decodeMacControl } from './decode/pause.js';

import { carrierOf, ENCAPSULATIONS, type EncapsulationName, type Inner } from './encapsulation.js';
import { UNTAGGED, type SeenFrame, type Vlan } from './frame.js';
import { channelOf, openMacsec, type Seal } from './macsec.js';

export { classifyFrame } from './decode/classify.js';
export { describeFrame } from './decode/describe.js';
export type { SeenFrame } from './frame.js';

/** By EtherType (IEEE registration authority). */
const etherTypes: Readonly<Record<number, LayerDecoder>> = {
  0x0800: decodeIpv4,
  0x0806: decodeArp,
  0x86dd: decodeIpv6,
  0x8808: decodeMacControl,
  0x8809: decodeSlow,
  0x888e: decodeEapol,
  0x88cc: decodeLldp,
  0x88e5: decodeMacsec,
  0x88fb: decodePrp,
  0x892f: decodeHsr,
};

/** EtherTypes of tags: IEEE 802.1Q customer and service tags, and what older switches use for the latter. */
const TAGS = new Set([0x8100, 0x88a8, 0x9100]);
const ADDRESSES = 12;
const TAG = 4;
/** Values below are lengths (IEEE 802.3, 3.2.6). */
const FIRST_ETHERTYPE = 0x0600;

/**
 * Take a frame apart. Never throws: a layer that is cut short or malformed is not there, and `malformed`
 * says which and why.
 * @param bytes what was captured of it
 * @param length bytes that it had on the wire
 */
export function decodeFrame(bytes: Uint8Array, length: number = bytes.length): SeenFrame {
  const { vlans, end } = readTags(bytes);
  const type = u16(bytes, end);
  const etherType = type !== undefined && type >= FIRST_ETHERTYPE ? type : undefined;
  const body = bytes.subarray(end + 2);
  const layers = type === undefined ? short('ethernet', bytes, end + 2) : decodeBody(type, body);
  const ends = { dst: mac(bytes, 0), src: mac(bytes, 6) };
  const frame = { ...ends, vlans, etherType, length, bytes, ...layers, ...innerOf(layers) };
  const sealed = sealedIn(frame);
  const redundant = redundantIn(frame);
  return { ...frame, ...(sealed && { sealed }), ...(redundant && { redundant }) };
}

/** What travels behind a tag of HSR: a frame with the same addresses. */
function redundantIn({ hsrTag, bytes }: SeenFrame): SeenFrame['redundant'] {
  if (!hsrTag) return undefined;
  const { version, octets } = hsrTag;
  const whole = new Uint8Array(ADDRESSES + octets.length);
  whole.set(bytes.subarray(0, ADDRESSES));
  whole.set(octets, ADDRESSES);
  return { version, frame: decodeFrame(whole) };
}

/** What travels in a MACsec frame; nothing where it cannot be opened. @param seal - how it is sealed; without it, what anybody can read */
export function sealedIn(frame: SeenFrame, seal?: Seal): SeenFrame['sealed'] {
  const { macsec } = frame;
  const octets = openMacsec(frame, seal);
  if (!macsec || !octets) return undefined;
  const { an, pn } = macsec;
  return { sci: channelOf(macsec, frame), an, pn, seal, frame: decodeFrame(octets) };
}

/** What travels in it, by a tunnel that is known by its port or protocol. */
function innerOf(layers: Layers): Pick<SeenFrame, 'inner'> {
  const by = carrierOf(layers);
  const inner = by && innerBy(by, layers);
  return inner ? { inner } : {};
}

/** What travels in it by a certain tunnel; nothing where that is not its form. */
export function innerBy(by: EncapsulationName, layers: Layers): Inner<SeenFrame> | undefined {
  const found = ENCAPSULATIONS[by].read(layers);
  if (!found) return undefined;
  const { id, octets, type } = found;
  return { by, id, frame: type === undefined ? decodeFrame(octets) : decodePacket(octets, type) };
}

/** Take a packet apart that no header of Ethernet stands before: it has no addresses of that. */
function decodePacket(bytes: Uint8Array, etherType: number): SeenFrame {
  const layers = etherTypes[etherType]?.(bytes) ?? {};
  const { length } = bytes;
  const bare = { dst: '', src: '', vlans: UNTAGGED, etherType, length, bytes };
  return { ...bare, ...layers, ...innerOf(layers) };
}

function readTags(bytes: Uint8Array): { vlans: readonly Vlan[]; end: number } {
  const vlans: Vlan[] = [];
  for (let at = ADDRESSES; ; at += TAG) {
    const [tpid, tag] = [u16(bytes, at), u16(bytes, at + 2)];
    if (tpid === undefined || !TAGS.has(tpid)) return { vlans, end: at };
    // Cut short within the tag: there is no type behind it either.
    if (tag === undefined) return { vlans, end: at + TAG };
    vlans.push({ tpid, id: tag & 0xfff, priority: tag >> 13 });
  }
}

/** What follows a length is LLC of that many bytes; the rest pads the frame. */
function decodeBody(type: number, body: Uint8Array): Layers {
  if (type >= FIRST_ETHERTYPE) return etherTypes[type]?.(body) ?? {};
  if (type > MAX_LENGTH) return malformed('ethernet', `${type} is neither a length nor a type`);
  return decodeLlc(body.subarray(0, type));
}
const MAX_LENGTH = 1500;
