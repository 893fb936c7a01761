import { existsSync } from 'node:fs';

/** Whether systemd runs this machine: sd_booted(3). */
const hasSystemd = (): boolean => existsSync('/run/systemd/system');

/**
 * How to start daemons here.
 * @param units - systemd units
 * @param byHand - a shell line for machines without systemd
 */
export const startWith = (units: readonly string[], byHand: string): string =>
  hasSystemd() ? `systemctl start ${units.join(' ')}` : byHand;
