import { z } from 'zod';
import { udpFrame } from '../../frames/values.js';
import { defineProbe } from '../define.js';
import { prepareTransport, saysUnreachable, transportFields } from '../transport.js';

/** A datagram and its answer: RFC 768, sent by socat(1). */
export const udp = defineProbe({
  kind: 'udp',
  title: 'UDP datagram',
  doc: `socat at \`from\` sends a datagram to a port of \`to\`, where another socat listens while the probe runs and sends it back, with all that
it takes: address resolution, and every router between the two. A closed port, which answers with ICMP port unreachable, is told apart from a frame that
is lost. The source port is picked by the kernel.`,
  schema: z.strictObject({ probe: z.literal('udp'), ...transportFields }),
  filter: 'arp or icmp or icmp6 or udp',
  programs: ['socat'],
  prepare: (check, ends, around) =>
    prepareTransport(
      {
        ...{ kind: 'udp', begins: 'UDP', listens: 'UDP%-RECVFROM', options: () => [] },
        refuses: 'ICMP port unreachable',
        source: 'RFC 1122 4.1.3.1; RFC 4443 3.1',
        isRefusal: saysUnreachable,
        messages: (port, payload) => [
          {
            ...{ name: 'datagram', class: 'udp', isAnswer: false },
            frame: (head, at) => udpFrame(head, at, { srcPort: 0, dstPort: port, payload }),
          },
          {
            ...{ name: 'answer', class: 'udp', isAnswer: true },
            frame: (head, at) => udpFrame(head, at, { srcPort: port, dstPort: 0, payload }),
          },
        ],
      },
      check,
      ends,
      around,
    ),
});
