import { hash } from 'node:crypto';
import { z } from 'zod';
import type { FrameClass } from '../../hops/types.js';
import type { Check } from '../../topology/lab.js';
import type { Frame } from '../../frames/decode.js';
import { arpLegs } from './arp.js';
import { defineProbe, type Leg } from '../define.js';
import { findPair, forgetting, tablesOf, type AddressPair } from '../pair.js';

/** Solicited-node group of an IPv6 address as a MAC: RFC 4291 section 2.7.1, RFC 2464 section 7. */
export function solicitedNodeMac(ip: string): string {
  const groups = ip.split('::').map((part) => part.split(':').filter(Boolean));
  const [head = [], tail = []] = groups;
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const all = groups.length === 2 ? [...head, ...zeros, ...tail] : head;
  const low = all
    .slice(-2)
    .map((group) => group.padStart(4, '0'))
    .join('')
    .slice(2);
  return ['33', '33', 'ff', ...(low.match(/../g) ?? [])].join(':');
}

/** The two frames of neighbour discovery: RFC 4861 section 7.2. */
function neighbourLegs({ from, to, target }: AddressPair): readonly Leg[] {
  const group = solicitedNodeMac(target.ip);
  return [
    {
      name: 'neighbor solicitation',
      class: 'nd-solicitation',
      direction: 'forth',
      frame: { class: 'nd-solicitation', src: from.mac, dst: group, joined: true },
      // To the group only: the kernel also asks a neighbour that it knows, by unicast.
      matches: ({ icmp6, src, dst }) =>
        icmp6?.kind === 'neighbor-solicitation' &&
        icmp6.target === target.ip &&
        src === from.mac &&
        dst === group,
    },
    {
      name: 'neighbor advertisement',
      class: 'nd-advertisement',
      direction: 'back',
      frame: { class: 'nd-advertisement', src: to.mac, dst: from.mac },
      matches: ({ icmp6, dst }) =>
        icmp6?.kind === 'neighbor-advertisement' && icmp6.target === target.ip && dst === from.mac,
    },
  ];
}

function echoLegs(pair: AddressPair, id: number): readonly Leg[] {
  const { from, to, source, target } = pair;
  const name: FrameClass = target.family === 6 ? 'icmp6' : 'icmp';
  const leg = (kind: 'echo-request' | 'echo-reply', forth: boolean): Leg => {
    const [sender, receiver] = forth ? [from, to] : [to, from];
    const [src, dst] = forth ? [source.ip, target.ip] : [target.ip, source.ip];
    return {
      name: kind.replace('-', ' '),
      class: name,
      direction: forth ? 'forth' : 'back',
      frame: { class: name, src: sender.mac, dst: receiver.mac },
      matches: (frame: Frame) => {
        const [message, ip] = [frame.icmp ?? frame.icmp6, frame.ipv4 ?? frame.ipv6];
        return message?.kind === kind && message.id === id && ip?.src === src && ip.dst === dst;
      },
    };
  };
  return [leg('echo-request', true), leg('echo-reply', false)];
}

/** An ICMP identifier of the check's own, never 0. */
function identifier({ probe, from, to }: Check): number {
  const digest = hash('sha256', [probe, from, to].join('\0'), 'buffer');
  return 1 + (digest.readUInt16BE(0) % 0xffff);
}

/** Echo request and reply: RFC 792, RFC 4443, sent by ping(8). */
export const icmp = defineProbe({
  kind: 'icmp',
  title: 'ICMP echo',
  doc: `ping at \`from\` to the address of \`to\`, with everything that it takes: address resolution (ARP, or IPv6 neighbour discovery),
the echo request and its reply. When it fails, the report says which of the four frames was lost, and where.`,
  schema: z.strictObject({
    probe: z.literal('icmp'),
    family: z
      .union([z.literal(4), z.literal(6)])
      .optional()
      .describe('IP version; by default IPv4 where both ends have it, else IPv6'),
  }),
  filter: 'arp or icmp or icmp6',
  programs: ['ping'],
  prepare(check, ends) {
    const pair = findPair(ends, check.family === undefined ? [4, 6] : [check.family]);
    if (!('from' in pair)) return pair;
    const { from, to, source, target } = pair;
    // Of several addresses the kernel would take the first.
    const several = from.addresses.filter(({ family }) => family === source.family).length > 1;
    const id = identifier(check);
    const resolution = target.family === 6 ? neighbourLegs(pair) : arpLegs(pair);
    const ping = [
      'ping',
      '-n',
      '-q',
      '-c',
      '1',
      '-W',
      '1',
      '-e',
      String(id),
      '-I',
      from.device,
      ...(several ? ['-I', source.ip] : []),
    ];
    return {
      kind: 'icmp',
      check,
      from,
      to,
      legs: [...resolution, ...echoLegs(pair, id)],
      send: { stack: from.stack, argv: forgetting(pair, [...ping, target.ip]), timeout: 10_000 },
      uses: tablesOf(pair),
    };
  },
});
