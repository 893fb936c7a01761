import type { FrameClass } from '../../src/frames/classes.js';
import { decodeFrame } from '../../src/frames/decode.js';
import type { Frame } from '../../src/frames/frame.js';

/** Frames of every class as bytes, each with a token by which a capture knows it. */

export interface TestFrame {
  readonly name: string;
  readonly class: FrameClass;
  readonly spec: Frame;
  /** Hexadecimal, without checksum. */
  readonly hex: string;
  readonly token: string;
}

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const FOREIGN = '02:f0:00:00:00:0f';
const hex16 = (value: number): string => value.toString(16).padStart(4, '0');

/** Ones' complement sum of RFC 1071. */
function checksum(hex: string): string {
  let sum = 0;
  for (const word of hex.match(/.{4}/g) ?? []) sum += Number.parseInt(word, 16);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return hex16(~sum & 0xffff);
}

/**
 * An IPv4 packet with time to live 1 and the router alert that IGMP has. It is valid and holds the token, for a bridge
 * with br_netfilter drops what is not, and cuts off what is beyond its length.
 */
function ipv4(protocol: string, to: string, payload: string): string {
  const length = hex16(24 + payload.length / 2);
  const head = (sum: string) => `46c0${length}0000400001${protocol}${sum}0a090909${to}94040000`;
  return head(checksum(head('0000'))) + payload;
}

const LINK_LOCAL = 'fe80000000000000000000000000';

/** An IPv6 packet with ICMPv6 in it. */
const ipv6 = (to: string, type: string, payload: string): string =>
  `60000000${hex16(4 + payload.length / 2)}3aff${LINK_LOCAL}0009${to}${type}00ffff${payload}`;

/** With its checksum after type and code. */
const summed = (type: string, payload: string): string =>
  type + checksum(type + '0000' + payload) + payload;

const udp = (payload: string): string => `14e914e9${hex16(8 + payload.length / 2)}0000${payload}`;

interface Draft {
  readonly class: FrameClass;
  readonly name?: string;
  readonly dst: string;
  /** EtherType, or nothing for a frame with a length. */
  readonly type?: string;
  readonly vlan?: number;
  readonly payload?: number;
  /** What is in it, given the token, which it must hold. */
  readonly body?: (token: string) => string;
}

const before =
  (start: string) =>
  (token: string): string =>
    start + token;

/** One draft for each class, and more where a rule looks at more than the class. */
function drafts(receiver: string, sizes: readonly number[]): readonly Draft[] {
  const solicited = `33:33:ff:${receiver.slice(9)}`;
  const group6 = `ff0200000000000000000001ff${receiver.slice(9).replaceAll(':', '')}`;
  const host6 = `${LINK_LOCAL}0001`;
  const sized = (payload: number): Draft => ({
    class: payload > 1500 ? 'over-mtu' : 'mtu',
    name: `${payload} octets`,
    dst: receiver,
    type: '88b5',
    payload,
  });
  const ip = { type: '0800' };
  return [
    { class: 'lldp', dst: '01:80:c2:00:00:0e', type: '88cc' },
    { class: 'stp', dst: '01:80:c2:00:00:00', body: before('424203') },
    { class: 'lacp', dst: '01:80:c2:00:00:02', type: '8809', body: before('01') },
    { class: 'dot1x', dst: '01:80:c2:00:00:03', type: '888e', body: before('02010000') },
    { class: 'pause', dst: '01:80:c2:00:00:01', type: '8808', body: before('0001ffff') },
    { class: 'cdp', dst: '01:00:0c:cc:cc:cc', body: before('aaaa0300000c2000') },
    { class: 'arp-request', dst: BROADCAST, type: '0806', body: before('0001080006040001') },
    { class: 'arp-reply', dst: receiver, type: '0806', body: before('0001080006040002') },
    {
      ...{ class: 'icmp', dst: receiver, ...ip },
      body: (token) => ipv4('01', '0a090901', summed('0800', `00010001${token}`)),
    },
    {
      ...{ class: 'icmp6', dst: receiver, type: '86dd' },
      body: (token) => ipv6(host6, '80', `00010001${token}`),
    },
    {
      ...{ class: 'nd-solicitation', dst: solicited, type: '86dd' },
      body: (token) => ipv6(group6, '87', `00000000${host6}${token}`),
    },
    {
      ...{ class: 'nd-advertisement', dst: receiver, type: '86dd' },
      body: (token) => ipv6(host6, '88', `60000000${host6}${token}`),
    },
    {
      ...{ class: 'mdns', dst: '01:00:5e:00:00:fb', ...ip },
      body: (token) => ipv4('11', 'e00000fb', udp(`${'00'.repeat(12)}${token}`)),
    },
    {
      ...{ class: 'igmp', name: 'igmp report v3', dst: '01:00:5e:00:00:16', ...ip },
      // Joins 239.9.9.9: RFC 3376, 4.2.
      body: (token) => ipv4('02', 'e0000016', summed('2200', `0000000104000000ef090909${token}`)),
    },
    {
      ...{ class: 'igmp', name: 'igmp report v2', dst: '01:00:5e:09:09:09', ...ip },
      body: (token) => ipv4('02', 'ef090909', summed('1600', `ef090909${token}`)),
    },
    {
      ...{ class: 'mdns', name: 'unjoined group', dst: '01:00:5e:08:08:08', ...ip },
      body: (token) => ipv4('11', 'ef080808', udp(`${'00'.repeat(12)}${token}`)),
    },
    { class: 'vlan-tagged', name: 'vlan 7', dst: receiver, type: '88b5', vlan: 7 },
    { class: 'vlan-tagged', name: 'vlan 8', dst: receiver, type: '88b5', vlan: 8 },
    { class: 'unicast-own', dst: receiver, type: '88b5' },
    { class: 'unicast-foreign', dst: FOREIGN, type: '88b5' },
    ...sizes.map(sized),
    ...sizes.map((payload) => ({ ...sized(payload), name: `${payload} octets in 7`, vlan: 7 })),
  ];
}

let count = 0;

/** A frame of each class from one MAC to another, and one of each of these sizes. */
export function testFrames(
  sender: string,
  receiver: string,
  sizes: readonly number[],
): readonly TestFrame[] {
  return drafts(receiver, sizes).map((draft) => {
    const { class: name, dst, vlan, payload, body = before('') } = draft;
    count += 1;
    const token = `50617463684c${count.toString(16).padStart(8, '0')}`;
    const room = 2 * (payload ?? 46);
    const data = body(token).padEnd(room, '0');
    const type = draft.type ?? hex16(data.length / 2);
    const tag = vlan === undefined ? '' : `8100${hex16(vlan)}`;
    const bytes = [dst, sender].join('').replaceAll(':', '') + tag + type + data;
    return {
      name: draft.name ?? name,
      token,
      hex: bytes,
      class: name,
      spec: {
        ...decodeFrame(Uint8Array.from(Buffer.from(bytes, 'hex'))),
        ...(payload !== undefined && { payload }),
      },
    };
  });
}
