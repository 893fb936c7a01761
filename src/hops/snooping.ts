import type { HeardQuerier } from './world.js';

/** The part of a switch in who is in which group: RFC 4541. */
export interface Snooping {
  /** Does it keep groups from ports behind which nobody is in them, where it hears a querier? */
  readonly isOn: boolean;
  /** What it asks for itself; nothing where it does not ask. */
  readonly asks: Pick<HeardQuerier, 'asksIpv6'> | undefined;
}
