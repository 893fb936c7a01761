import type { Frame } from '../frames/frame.js';
import type { Packet } from '../nft/fields.js';
import type { Hop } from './types.js';

/** A place at which packet filters see a packet. */
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

/** The places in their order, read when somebody asks: few labs have filters, and few frames are lost. */
export type Sights = () => readonly Sight[];

/** Nobody sees it. */
export const NOWHERE: Sights = () => [];

/** One after the other. */
export function together(first: Sights, then: Sights): Sights {
  if (first === NOWHERE) return then;
  return () => [...first(), ...then()];
}

/** Families of tables that see a packet in a stack. */
export const familiesOf = ({ arp, ipv4, ipv6 }: Frame): readonly string[] =>
  arp ? ['arp'] : ipv4 ? ['ip', 'inet'] : ipv6 ? ['ip6', 'inet'] : [];

/**
 * Where chains see what passes a device; tc filters stand there too. The family inet sees IP alone: Linux
 * net/netfilter/nft_chain_filter.c, nft_do_chain_inet_ingress.
 */
export const deviceSight = (
  hop: Hop,
  device: Hop,
  hook: 'ingress' | 'egress',
  frame: Frame,
): Sight => ({
  ...{ hop, device: device.device },
  families: ['netdev', ...(frame.ipv4 || frame.ipv6 ? ['inet'] : [])],
  packet: {
    ...{ frame, hook },
    iif: hook === 'ingress' ? device.device : '',
    oif: hook === 'egress' ? device.device : '',
  },
});
