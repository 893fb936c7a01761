import type { Cause, Hop } from './types.js';

/** What a device must be for another one to have carrier: up itself, or with carrier, for which it must be up as well. */
export type CarrierNeed = 'up' | 'carrier';

/** What the carrier of a device hangs on: one of some devices around it is enough. */
export interface CarrierSource {
  readonly from: readonly Hop[];
  readonly needs: CarrierNeed;
  /** They do not help it, whatever they are. */
  readonly isLost?: boolean;
  /** Why it has none where they do not help, or there are none. */
  readonly without?: Cause;
}
