import type { FrameClass, FrameSpec } from '../../src/hops/types.js';

/** Frames of every class as bytes, each with a token by which a capture knows it. */

export interface TestFrame {
  readonly name: string;
  readonly spec: FrameSpec;
  /** Hexadecimal, without checksum. */
  readonly hex: string;
  readonly token: string;
}

const FOREIGN = '02:f0:00:00:00:0f';
const hex16 = (value: number): string => value.toString(16).padStart(4, '0');

/** Ones' complement sum of RFC 1071. */
function checksum(hex: string): string {
  let sum = 0;
  for (const word of hex.match(/.{4}/g) ?? []) sum += Number.parseInt(word, 16);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return hex16(~sum & 0xffff);
}

/** An IPv4 packet to a group, time to live 1, with the router alert that IGMP has. */
function ipv4(protocol: string, to: string, payload: string): string {
  const length = hex16(24 + payload.length / 2);
  const head = (sum: string) => `46c0${length}0000400001${protocol}${sum}0a090909${to}94040000`;
  return head(checksum(head('0000'))) + payload;
}

/** A report of version 3 that joins 239.9.9.9, or one of version 2: RFC 3376, RFC 2236. */
const igmp3 = '2200' + 'e6f3' + '00000001' + '04000000ef090909';
const igmpWith = (type: string, group: string): string =>
  type + checksum(type + '0000' + group) + group;
const udp = (payload: string): string => `14e914e9${hex16(8 + payload.length / 2)}0000${payload}`;

interface Draft {
  readonly class: FrameClass;
  readonly name?: string;
  readonly dst: string;
  /** EtherType, or nothing for a frame with a length. */
  readonly type?: string;
  readonly vlan?: number;
  readonly payload?: number;
  readonly body?: string;
}

/** One draft for each class, and more where a rule looks at more than the class. */
function drafts(receiver: string, sizes: readonly number[]): readonly Draft[] {
  const solicited = `33:33:ff:${receiver.slice(9)}`;
  const sized = (payload: number): Draft => ({
    class: payload > 1500 ? 'over-mtu' : 'mtu',
    name: `${payload} octets`,
    dst: receiver,
    type: '88b5',
    payload,
  });
  return [
    { class: 'lldp', dst: '01:80:c2:00:00:0e', type: '88cc' },
    { class: 'stp', dst: '01:80:c2:00:00:00', body: '424203' },
    { class: 'lacp', dst: '01:80:c2:00:00:02', type: '8809', body: '01' },
    { class: 'dot1x', dst: '01:80:c2:00:00:03', type: '888e', body: '02010000' },
    { class: 'pause', dst: '01:80:c2:00:00:01', type: '8808', body: '0001ffff' },
    { class: 'cdp', dst: '01:00:0c:cc:cc:cc', body: 'aaaa0300000c2000' },
    { class: 'arp-request', dst: 'ff:ff:ff:ff:ff:ff', type: '0806', body: '0001080006040001' },
    { class: 'arp-reply', dst: receiver, type: '0806', body: '0001080006040002' },
    { class: 'icmp', dst: receiver, type: '0800' },
    { class: 'icmp6', dst: receiver, type: '86dd' },
    { class: 'nd-solicitation', dst: solicited, type: '86dd' },
    { class: 'nd-advertisement', dst: receiver, type: '86dd' },
    {
      ...{ class: 'mdns', dst: '01:00:5e:00:00:fb', type: '0800' },
      body: ipv4('11', 'e00000fb', udp('00'.repeat(12))),
    },
    {
      ...{ class: 'igmp', name: 'igmp report v3', dst: '01:00:5e:00:00:16', type: '0800' },
      body: ipv4('02', 'e0000016', igmp3),
    },
    {
      ...{ class: 'igmp', name: 'igmp report v2', dst: '01:00:5e:09:09:09', type: '0800' },
      body: ipv4('02', 'ef090909', igmpWith('1600', 'ef090909')),
    },
    {
      ...{ class: 'mdns', name: 'unjoined group', dst: '01:00:5e:08:08:08', type: '0800' },
      body: ipv4('11', 'ef080808', udp('00'.repeat(12))),
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
    const { class: name, dst, vlan, payload, body = '' } = draft;
    count += 1;
    const token = `50617463684c${count.toString(16).padStart(6, '0')}`;
    const room = 2 * (payload ?? 46);
    const data = (body + token).padEnd(room, '0');
    const type = draft.type ?? hex16(data.length / 2);
    const tag = vlan === undefined ? '' : `8100${hex16(vlan)}`;
    const bytes = [dst, sender].join('').replaceAll(':', '') + tag + type + data;
    return {
      name: draft.name ?? name,
      token,
      hex: bytes,
      spec: {
        ...{ class: name, src: sender, dst },
        ...(vlan !== undefined && { vlan }),
        ...(payload !== undefined && { payload }),
      },
    };
  });
}
