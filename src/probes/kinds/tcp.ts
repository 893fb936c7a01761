import { z } from 'zod';
import { tcpFrame } from '../../frames/values.js';
import type { Message } from '../../ip/exchange.js';
import { defineProbe } from '../define.js';
import { prepareTransport, transportFields } from '../transport.js';

const NOTHING: Uint8Array = new Uint8Array();

/** A segment, and whether it goes to the port or comes from it. */
const segment = (
  name: string,
  port: number,
  isAnswer: boolean,
  flags: { readonly syn: boolean; readonly ack: boolean },
  payload = NOTHING,
): Message => ({
  ...{ name, class: 'tcp', isAnswer },
  frame(head, at) {
    const ports = isAnswer ? { srcPort: port, dstPort: 0 } : { srcPort: 0, dstPort: port };
    return tcpFrame(head, at, { ...ports, ...flags, payload });
  },
});

/** A connection, with data both ways: RFC 9293, by socat(1). */
export const tcp = defineProbe({
  kind: 'tcp',
  title: 'TCP connection',
  doc: `socat at \`from\` connects to a port of \`to\`, where another socat listens while the probe runs, sends data and gets it back: SYN, SYN-ACK, ACK and both
data segments are looked for at every hop, with the address resolution before. A closed port, which answers with RST, is told apart from a frame that is lost.
The source port is picked by the kernel.`,
  schema: z.strictObject({ probe: z.literal('tcp'), ...transportFields }),
  filter: 'arp or icmp or icmp6 or tcp',
  programs: ['socat'],
  prepare: (check, ends, around) =>
    prepareTransport(
      {
        ...{ kind: 'tcp', begins: 'TCP', listens: 'TCP%-LISTEN' },
        options: (seconds) => [`connect-timeout=${seconds}`],
        refuses: 'RST',
        source: 'RFC 9293 3.10.7.1',
        isRefusal: ({ tcp: seen }, port) => seen?.rst === true && seen.srcPort === port,
        messages: (port, payload) => [
          segment('SYN', port, false, { syn: true, ack: false }),
          segment('SYN-ACK', port, true, { syn: true, ack: true }),
          segment('ACK', port, false, { syn: false, ack: true }),
          segment('data', port, false, { syn: false, ack: true }, payload),
          segment('data sent back', port, true, { syn: false, ack: true }, payload),
        ],
      },
      check,
      ends,
      around,
    ),
});
