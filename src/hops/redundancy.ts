import type { HsrVersion } from '../frames/decode/hsr.js';
import type { Frame } from '../frames/frame.js';
import { drop } from './outcome.js';
import type { Cause, HopSettings } from './types.js';

/** What nodes of HSR and PRP do with copies of frames: IEC 62439-3, Linux net/hsr. */

/** A node, as the model reads it. */
export interface HsrSettings extends HopSettings {
  /** Ids of the hops of its two slaves. */
  readonly slaves: readonly string[];
  readonly proto: 'hsr' | 'prp';
  readonly version: HsrVersion;
}

/** Octets of the tag of HSR, and of the trailer of PRP: linux/if_hsr.h, HSR_HLEN. */
export const REDUNDANCY_LENGTH = 6;

/** A frame that is longer, or shorter, by so many tags or trailers. */
export const sized = (frame: Frame, tags: number): Frame =>
  frame.payload === undefined
    ? frame
    : { ...frame, payload: frame.payload + tags * REDUNDANCY_LENGTH };

/** Why the stack of a node does not get a frame that it has. */
export const duplicate = (label: string): Cause =>
  drop(
    `It is the second copy of a frame that ${label} has: it discards that, as it is meant to, and nothing is lost.`,
    'Nothing is to be done: the copies are there so that one arrives when a cable breaks.',
    'Linux net/hsr/hsr_framereg.c: hsr_register_frame_out; IEC 62439-3:2016 5.3',
  );

/** Why a node does not hand on what it has sent itself. */
export const ownAgain = (label: string): ReturnType<typeof drop> =>
  drop(
    `${label} has sent it itself: the copy has gone round the ring, and ends here as it is meant to.`,
    'Nothing is to be done.',
    'Linux net/hsr/hsr_slave.c: hsr_handle_frame (hsr_addr_is_self)',
  );

/** Why a node does not take a frame of another version. */
export const otherVersion = (
  label: string,
  is: HsrVersion,
  wanted: HsrVersion,
): ReturnType<typeof drop> =>
  drop(
    `The frame has a tag of HSR version ${is}, and ${label} opens those of version ${wanted}.`,
    'Give all nodes of a ring the same `version`.',
    'Linux net/hsr/hsr_forward.c: hsr_fill_frame_info',
  );
