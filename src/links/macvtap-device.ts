import { z } from 'zod';
import { onHost, type Resource } from '../plan/resources/define.js';
import { macvtap } from '../plan/resources/kinds/macvtap.js';
import type { Lab } from '../topology/lab.js';
import type { HostDevice } from './devices.js';

/** The macvtaps that libvirt makes for guests, whatever link they are part of. */

/** Settings of macvtaps, and of macvlans as far as they have them. */
export const macvtapFlags = {
  allmulticast: z
    .boolean()
    .default(false)
    .describe('Let every multicast frame through to the guest (ip-link(8) `allmulticast on`)'),
  promisc: z
    .boolean()
    .default(false)
    .describe(
      'Put each macvtap into promiscuous mode, which also lets every multicast frame through',
    ),
  trustGuestRxFilters: z
    .boolean()
    .default(false)
    .describe(
      "Let the guest change the macvtap's MAC and multicast filter (libvirt attribute of the same name)",
    ),
};

export interface MacvtapOptions {
  readonly allmulticast: boolean;
  readonly promisc: boolean;
  readonly trustGuestRxFilters: boolean;
}

/** The mark and the flags of a macvtap, which libvirt makes. */
export function dress(lab: Lab, tap: HostDevice, spec: MacvtapOptions): Resource {
  const flags = (['allmulticast', 'promisc'] as const).filter((flag) => spec[flag]);
  const { device, mac, mtu, hop, detail } = tap;
  const set = flags.map((flag) => `${flag} on`).join(' ');
  return macvtap.of({
    ...onHost(lab),
    id: `macvtap ${device}`,
    wanted: {
      ...{ device, mac },
      ...(mtu !== undefined && { mtu }),
      ...{ lab: lab.name, label: detail.label, flags },
    },
    in: [hop],
    why: `mark ${detail.label}${set === '' ? '' : ` and set ${set}`}`,
  });
}
