import type { FrameClass } from '../classes.js';

/** What a generated frame is made for. MACs in lower case with colons. */
export interface FrameContext {
  /** MAC of the sending device. */
  readonly src: string;
  /** MAC of the receiving device. */
  readonly own: string;
  /** A MAC behind the receiving node, which nobody has. */
  readonly foreign: string;
  /** Octets by which the frame is known again: ASCII letters and digits, `TOKEN_LENGTH` of them. */
  readonly token: Uint8Array;
  /** MTU of the sending device, in octets. */
  readonly mtu: number;
}

/** How the frames of one class are made. */
export interface FrameTemplate extends FrameRecipe {
  readonly class: FrameClass;
}

/** How a frame is made. */
export interface FrameRecipe {
  /** What it is, as a person would say it in the middle of a sentence. */
  readonly title: string;
  /** Standard that the octets follow, and where the token is in them. */
  readonly source: string;
  dst(context: FrameContext): string;
  /**
   * Does who receives such frames join the group that they go to? Then the probe joins it at the receiver while it
   * runs: a NIC drops groups that nobody has joined.
   */
  readonly joins: boolean;
  /** EtherType, or `llc` for a frame that has the length of its contents in its place (IEEE 802.3, 3.2.6). */
  readonly type: number | 'llc';
  /** VLAN id of the tag that it has. */
  readonly vlan?: number;
  /** What follows the header, not padded. */
  payload(context: FrameContext): Uint8Array;
  /** Octets to which the payload is padded; those of the shortest frame of Ethernet when left out. */
  size?(context: FrameContext): number;
}

/** Octets of a token. */
export const TOKEN_LENGTH = 12;

/** Local experimental EtherType 1 (IEEE 802-2014, 9.2.4): what a frame has that is no protocol's. */
export const EXPERIMENTAL = 0x88b5;
