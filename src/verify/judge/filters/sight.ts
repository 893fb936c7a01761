import type { Hop } from '../../../hops/types.js';
import type { Packet } from '../../nft/fields.js';

/** A place at which packet filters see the frame that was lost, or the packet for whose sake it was to be sent. */
export interface Sight {
  /** The hop that a drop there is put down to, and whose stack holds the rules. */
  readonly hop: Hop;
  /** Families of tables whose chains see it there: nft(8), ADDRESS FAMILIES. */
  readonly families: readonly string[];
  readonly packet: Packet;
  /** The device, where chains are bound to one. */
  readonly device?: string;
  /** Why the chains of a stack see what a bridge hands on. */
  readonly because?: { readonly text: string; readonly remedy: string };
}

/** Where chains see what passes a device; tc filters stand there too. */
export const deviceSight = (
  hop: Hop,
  device: Hop,
  hook: 'ingress' | 'egress',
  frame: Packet['frame'],
): Sight => ({
  ...{ hop, families: ['netdev', 'inet'], device: device.device },
  packet: {
    ...{ frame, hook },
    iif: hook === 'ingress' ? device.device : '',
    oif: hook === 'egress' ? device.device : '',
  },
});
