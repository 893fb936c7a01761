import type { Frame } from '../frames/frame.js';
import type { Cause, Forwarding } from './types.js';

/** A drop with all that a report needs. */
export const drop = (
  reason: string,
  remedy: string,
  source: string,
): Extract<Forwarding, { action: 'drop' }> => ({
  action: 'drop',
  reason,
  remedy,
  source,
});

/**
 * A frame that passes by chance.
 * @param probability - how likely it passes, 0 to 1; nothing where nobody knows
 * @param frame - as it then goes on, where the hop changes it
 */
export const chance = (
  probability: number | undefined,
  cause: Cause,
  frame?: Frame,
): Forwarding => ({
  action: 'chance',
  probability,
  ...(frame && { frame }),
  ...cause,
});
