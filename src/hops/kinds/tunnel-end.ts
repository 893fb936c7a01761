import type { Frame } from '../../frames/frame.js';
import { decapsulated, encapsulated, type TunnelEnd } from '../tunnel.js';
import { defineHop, PASS, type Hop } from '../types.js';

/** Is it what the end itself has to say to the other one, before anything can travel? */
const isOwnHandshake = ({ settings }: Hop<TunnelEnd>, { inner }: Frame): boolean =>
  inner?.isHandshake === true && inner.id === settings.id;

/** An end of a tunnel: no device, but the address at which others are, and what makes packets of frames. */
export const tunnelEnd = defineHop<TunnelEnd>({
  kind: 'tunnel-end',
  doc: 'An end of a tunnel, one for each address that its device sends to or hears from. It puts the frame into a packet, which the stack sends like any of its own: by its routes, with an ARP request before, through its packet filter. Of what the stack has received for it, it takes the frame out.',
  drops: [
    'packets of another VNI or key, or for another UDP port',
    'where the tunnel has one remote, what comes from elsewhere',
    'of WireGuard: what is sealed with keys that it does not have, and what comes from an address that its sender may not have',
  ],
  observable: () => false,
  isCarrier: true,
  next: ({ hop, peers }, from, frame) =>
    from?.id === hop.settings.tunnel || isOwnHandshake(hop, frame)
      ? [undefined]
      : peers.filter(({ id }) => id === hop.settings.tunnel),
  takes: (hop, from, frame) =>
    from.id === hop.settings.tunnel
      ? { action: 'pass', frame: encapsulated(hop, frame) }
      : decapsulated(hop, frame),
  forward: () => PASS,
});
