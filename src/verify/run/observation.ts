import type { Elsewhere } from '../capture/elsewhere.js';
import type { LegNote } from '../capture/leg-notes.js';
import type { Altered } from '../capture/look.js';

/** What was seen of one check. */
export interface Observation {
  /** The course that it took, of those that it may take. */
  readonly course: number;
  /** For each leg, for each hop of the path of the leg on that course: was the frame seen there? `undefined` where nobody could look. */
  readonly seen: readonly (readonly (boolean | undefined)[])[];
  /** Where its frames came with other tags than they should have had. */
  readonly altered: readonly Altered[];
  /** Its frames where their ways do not lead. */
  readonly elsewhere: readonly Elsewhere[];
  /** What a witness at the receiver says; `undefined` where there is none. */
  readonly witnessed: boolean | undefined;
  /** What a program sent was seen nowhere, not even where it was sent. */
  readonly unseen?: boolean;
  /** What captures tell of each frame beside where it was. */
  readonly notes?: readonly LegNote[];
  /** What kept the check from being carried out, or its hops from being looked at. */
  readonly errors: readonly string[];
  /** Milliseconds from the first sending to the decision. */
  readonly ms: number;
}

/** What can be told while others are still to be sent. */
export type WaveObservation = Omit<Observation, 'elsewhere'>;
