import { z } from 'zod';
import { BROADCAST } from '../../frames/mac.js';
import { arpReply, arpRequest } from '../../frames/values.js';
import { defineProbe, type Leg } from '../define.js';
import { findPair, tablesOf, type AddressPair } from '../pair.js';

/** The two frames of an address resolution: RFC 826. */
export function arpLegs({ from, to, source, target }: AddressPair): readonly Leg[] {
  return [
    {
      name: 'ARP request',
      class: 'arp-request',
      ...{ from: from.hop, to: to.hop },
      frame: arpRequest({ mac: from.mac, ip: source.ip }, target.ip),
      matches: ({ arp, dst }) =>
        arp?.op === 'request' &&
        dst === BROADCAST &&
        arp.senderIp === source.ip &&
        arp.targetIp === target.ip,
    },
    {
      name: 'ARP reply',
      class: 'arp-reply',
      ...{ from: to.hop, to: from.hop },
      frame: arpReply({ mac: to.mac, ip: target.ip }, { mac: from.mac, ip: source.ip }),
      matches: ({ arp, dst }) =>
        arp?.op === 'reply' &&
        dst === from.mac &&
        arp.senderIp === target.ip &&
        arp.targetIp === source.ip,
    },
  ];
}

/** Address resolution by arping(8). */
export const arp = defineProbe({
  kind: 'arp',
  title: 'ARP resolution',
  doc: `arping asks at \`from\` for the address of \`to\`: the request is broadcast, the reply is unicast to the asker's MAC. Needs IPv4
addresses of one subnet at both ends.`,
  schema: z.strictObject({ probe: z.literal('arp') }),
  filter: 'arp',
  programs: ['arping'],
  prepare(check, ends) {
    const pair = findPair(ends, [4]);
    if (!('from' in pair)) return pair;
    const { from, to, target, source } = pair;
    const question = ['arping', '-q', '-f', '-c', '1', '-w', '1', '-s', source.ip];
    return {
      kind: 'arp',
      check,
      from,
      to,
      legs: arpLegs(pair),
      send: {
        stack: from.stack,
        argv: [...question, '-I', from.device, target.ip],
        timeout: 10_000,
      },
      uses: tablesOf(pair),
    };
  },
});
