import type { SpokenClass } from '../frames/classes.js';
import type { Frame } from '../frames/frame.js';
import type { IpHead, Segment } from '../frames/values.js';
import type { Cause, Hop } from '../hops/types.js';
import type { IpStack } from './stack.js';

/** What two programs say to each other, packet by packet. */

/** One packet of it. */
export interface Message {
  /** In words: `echo request`. */
  readonly name: string;
  readonly class: SpokenClass;
  /** It goes from the target to who began. */
  readonly isAnswer: boolean;
  /** As it is on a segment. */
  frame(head: IpHead, segment: Segment): Frame;
}

export interface Exchange {
  /** Who begins. */
  readonly stack: IpStack;
  /** The device that its socket is bound to, by which packets leave whatever the routes say. */
  readonly bound?: Hop | undefined;
  readonly source: string;
  readonly target: string;
  /** Device at which they must arrive. */
  readonly end: Hop;
  readonly family: 4 | 6;
  readonly ttl?: number | undefined;
  readonly size?: number | undefined;
  readonly dontFragment: boolean;
  readonly messages: readonly Message[];
  /** Why the stack of the target does not answer; nothing where it does. */
  refusal?(stack: IpStack): Cause | undefined;
}
