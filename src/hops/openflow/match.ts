import { ETHER_TYPES, vlanOf, type Frame } from '../../frames/frame.js';
import type { FieldMatch } from './flow.js';

/** Does a frame have what a flow demands: ovs-fields(7). Three answers: yes, no, and not known. */

/** `VLAN_CFI` of `vlan_tci`, which says that there is a tag; `OFPVID_PRESENT` of `vlan_vid` is the same bit. */
const TAGGED = 0x1000;

type Answer = boolean | undefined;

/** How the value of a field is compared. Nothing stands for what the model does not know. */
const FIELDS: Readonly<
  Record<string, (value: string, frame: Frame, port: number | undefined) => Answer>
> = {
  in_port: (value, _, port) => (/^\d+$/.test(value) ? Number(value) === port : undefined),
  dl_src: (value, { src }) => sameMac(value, src),
  dl_dst: (value, { dst }) => sameMac(value, dst),
  dl_type: (value, { etherType }) => number(value, (wanted) => wanted === (etherType ?? NO_TYPE)),
  dl_vlan: (value, frame) =>
    number(value, (wanted) => wanted === (vlanOf(frame) ?? NO_VLAN) && value !== '0x1000'),
  vlan_tci: masked(tciOf, 0xffff),
  vlan_vid: masked((frame) => tciOf(frame) & 0x1fff, 0x1fff),
  nw_src: (value, frame) => sameIp(value, frame, 'src'),
  nw_dst: (value, frame) => sameIp(value, frame, 'dst'),
  nw_proto: (value, frame) => number(value, (wanted) => known(protocolOf(frame), wanted)),
  tp_src: (value, frame) => number(value, (wanted) => known(portOf(frame)?.from, wanted)),
  tp_dst: (value, frame) => number(value, (wanted) => known(portOf(frame)?.to, wanted)),
  udp_src: (value, { udp }) => number(value, (wanted) => known(udp?.srcPort, wanted)),
  udp_dst: (value, { udp }) => number(value, (wanted) => known(udp?.dstPort, wanted)),
  tcp_src: (value, { tcp }) => number(value, (wanted) => known(tcp?.srcPort, wanted)),
  tcp_dst: (value, { tcp }) => number(value, (wanted) => known(tcp?.dstPort, wanted)),
};

/** `dl_vlan` of a frame without a tag (OFP10_VLAN_NONE), `dl_type` of one with a length (OFP_DL_TYPE_NOT_ETH_TYPE). */
const NO_VLAN = 0xffff;
const NO_TYPE = 0x05ff;

/** Does a frame have all that is demanded? @returns nothing where that is not known, `false` where one thing surely is not so */
export function fits(match: readonly FieldMatch[], frame: Frame, port: number | undefined): Answer {
  const answers = match.map(({ field, value }) => FIELDS[field]?.(value, frame, port));
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** The first demand that the model does not know. */
export const unknownIn = (
  match: readonly FieldMatch[],
  frame: Frame,
  port: number | undefined,
): FieldMatch | undefined =>
  match.find(({ field, value }) => FIELDS[field]?.(value, frame, port) === undefined);

const number = (value: string, test: (wanted: number) => Answer): Answer => {
  const wanted = Number(value);
  return value === '' || Number.isNaN(wanted) ? undefined : test(wanted);
};

const known = (found: number | undefined, wanted: number): Answer =>
  found === undefined ? undefined : found === wanted;

function tciOf({ vlans: [outer] }: Frame): number {
  return outer ? TAGGED | outer.id | (outer.priority << 13) : 0;
}

/** `VALUE` or `VALUE/MASK`. */
function masked(read: (frame: Frame) => number, all: number) {
  return (value: string, frame: Frame): Answer => {
    const [wanted = '', mask = String(all)] = value.split('/');
    return number(wanted, (bits) => number(mask, (cut) => (read(frame) & cut) === (bits & cut)));
  };
}

const bits = (mac: string): bigint => BigInt(`0x${mac.replaceAll(':', '')}`);

function sameMac(value: string, mac: string): Answer {
  const form = /^((?:[0-9a-f]{2}:){5}[0-9a-f]{2})(?:\/((?:[0-9a-f]{2}:){5}[0-9a-f]{2}))?$/;
  const [, wanted, mask] = form.exec(value) ?? [];
  if (wanted === undefined || mac === '') return undefined;
  if (mask === undefined) return wanted === mac;
  return (bits(wanted) & bits(mask)) === (bits(mac) & bits(mask));
}

/** `nw_proto` is the operation of ARP where the frame is one. */
function protocolOf({ arp, ipv4, ipv6 }: Frame): number | undefined {
  if (arp) return arp.op === 'request' ? 1 : arp.op === 'reply' ? 2 : arp.op;
  return ipv4?.protocol ?? ipv6?.protocol;
}

const portOf = ({ udp, tcp }: Frame) => {
  const segment = udp ?? tcp;
  return segment && { from: segment.srcPort, to: segment.dstPort };
};

const address = (ip: string): number | undefined => {
  const parts = ip.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => Number.isNaN(part))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
};

/** `ADDRESS`, `ADDRESS/LENGTH` or `ADDRESS/MASK` of IPv4, or of what ARP asks. */
function sameIp(value: string, { etherType, arp, ipv4 }: Frame, which: 'src' | 'dst'): Answer {
  if (etherType !== ETHER_TYPES.ipv4 && etherType !== ETHER_TYPES.arp) return false;
  const ofArp = which === 'src' ? arp?.senderIp : arp?.targetIp;
  const found = address((ipv4 ? ipv4[which] : ofArp) ?? '');
  const [text = '', length = '32'] = value.split('/');
  const wanted = address(text);
  const mask = length.includes('.') ? address(length) : prefixMask(Number(length));
  if (found === undefined || wanted === undefined || mask === undefined) return undefined;
  return (found & mask) === (wanted & mask);
}

const prefixMask = (length: number): number | undefined =>
  length >= 0 && length <= 32 ? (length === 0 ? 0 : (-1 << (32 - length)) >>> 0) : undefined;
