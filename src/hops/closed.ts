import type { Hop, HopSettings } from './types.js';

/** Hops in a guest without an agent, of which the host sees no more than what comes and goes. */

interface ClosedSettings extends HopSettings {
  readonly isClosed?: true;
}

/** The same hop, in a guest that nobody can look into. */
export const closed = (hop: Hop): Hop => {
  const settings: ClosedSettings = { ...hop.settings, isClosed: true };
  return { ...hop, settings };
};

/** Can nobody look at what is there? */
export const isClosed = ({ settings }: Pick<Hop, 'settings'>): boolean =>
  (settings as ClosedSettings).isClosed === true;
