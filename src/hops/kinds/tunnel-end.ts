import { decapsulated, encapsulated, type TunnelEnd } from '../tunnel.js';
import { defineHop, PASS } from '../types.js';

/** An end of a tunnel: no device, but the address at which others are, and what makes packets of frames. */
export const tunnelEnd = defineHop<TunnelEnd>({
  kind: 'tunnel-end',
  doc: 'An end of a tunnel, one for each address that its device sends to or hears from. It puts the frame into a packet, which the stack sends like any of its own: by its routes, with an ARP request before, through its packet filter. Of what the stack has received for it, it takes the frame out.',
  drops: [
    'packets of another VNI or key, or for another UDP port',
    'where the tunnel has one remote, what comes from elsewhere',
  ],
  observable: () => false,
  isCarrier: true,
  next: ({ hop, peers }, from) =>
    from?.id === hop.settings.tunnel
      ? [undefined]
      : peers.filter(({ id }) => id === hop.settings.tunnel),
  takes: (hop, from, frame) =>
    from.id === hop.settings.tunnel
      ? { action: 'pass', frame: encapsulated(hop, frame) }
      : decapsulated(hop, frame),
  forward: () => PASS,
});
