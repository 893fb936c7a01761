import { hash } from 'node:crypto';
import { z } from 'zod';
import type { FrameClass } from '../../frames/classes.js';
import type { Check } from '../../topology/lab.js';
import type { SeenFrame } from '../../frames/decode.js';
import { advertisement, echoFrame, solicitation, solicitedNode } from '../../frames/values.js';
import { arpLegs } from './arp.js';
import { defineProbe, type Leg } from '../define.js';
import { findPair, forgetting, tablesOf, type AddressPair } from '../pair.js';

/** The two frames of neighbour discovery: RFC 4861 section 7.2. */
function neighbourLegs({ from, to, source, target }: AddressPair): readonly Leg[] {
  const group = solicitedNode(target.ip).mac;
  const [asker, owner] = [
    { mac: from.mac, ip: source.ip },
    { mac: to.mac, ip: target.ip },
  ];
  return [
    {
      name: 'neighbor solicitation',
      class: 'nd-solicitation',
      ...{ from: from.hop, to: to.hop },
      frame: solicitation(asker, target.ip),
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
      ...{ from: to.hop, to: from.hop },
      frame: advertisement(owner, asker),
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
      ...{ from: sender.hop, to: receiver.hop },
      frame: echoFrame(
        { family: target.family, kind, id, src, dst },
        { src: sender.mac, dst: receiver.mac },
      ),
      matches: (frame: SeenFrame) => {
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
    const { from, to, target } = pair;
    const id = identifier(check);
    const resolution = target.family === 6 ? neighbourLegs(pair) : arpLegs(pair);
    const ping = ['ping', '-n', '-q', '-c', '1', '-W', '1', '-e', String(id), '-I', from.device];
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
