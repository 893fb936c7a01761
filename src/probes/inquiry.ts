import type { Way } from '../hops/predict.js';
import type { Cause, Hop } from '../hops/types.js';
import type { Stack } from '../topology/lab.js';

/** What the model says of a probe as a whole. */
export type PredictedCheck =
  | { readonly outcome: 'pass' }
  | {
      /** `random`: it may arrive or not. */
      readonly outcome: 'blocked' | 'random';
      /** The frame that dies. */
      readonly leg: string;
      readonly at: Hop | undefined;
      readonly cause: Cause;
    };

/** What somebody who is asked says, as far as a probe is interested in it. */
export interface Reply {
  /** `error`: it could not be found out. */
  readonly outcome: 'pass' | 'fail' | 'error';
  /** One sentence. */
  readonly message: string;
  /** Who is asked cannot know yet: not all of it has begun. */
  readonly isEarly?: boolean;
  /** The first thing that is missing: how it should have come to it; its prediction says whether the model knows why it does not. */
  readonly lost?: Named | undefined;
  /** Where model and answer differ, said loudly. */
  readonly surprise?: string | undefined;
}

/** A question to a program of the lab, in place of frames that are sent. It is asked until the answer is as it should be, or has had its time. */
export interface Inquiry {
  /** Program that gives the answer on its standard output. */
  readonly stack: Stack;
  readonly argv: readonly string[];
  /** How that comes to be which the answer tells of: these hops are looked at where it does not. */
  readonly ways: readonly Named[];
  readonly predicted: PredictedCheck;
  /** Milliseconds for which an answer must stay as it should be: something that must not be there may still come. */
  readonly steady: number;
  /** Milliseconds after which it counts as it is: from the first question, and from the first answer that is not early. */
  readonly patience: { readonly early: number; readonly then: number };
  /**
   * @param answer - nothing where the program failed
   * @param ms - since when it is asked: what was before may be no more
   */
  readonly judge: (answer: string | undefined, ms: number) => Reply;
}

/** A way that has a name. */
export interface Named extends Pick<Way, 'path' | 'prediction'> {
  readonly name: string;
}
