import { z } from 'zod';
import { markOf } from '../plan/names.js';
import { LOCAL, type Step } from '../plan/step.js';
import { THIS_HOST, type Lab } from '../topology/lab.js';
import { silence, type HostDevice } from './devices.js';

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

/**
 * Mark a macvtap and set its flags. libvirt makes it when the guest starts, so that can be done only then; it is up by
 * then, and the address that the host's IPv6 took, which is the guest's own, goes.
 */
export function dress(lab: Lab, tap: HostDevice, spec: MacvtapOptions): readonly Step[] {
  const flag = (name: 'allmulticast' | 'promisc') => (spec[name] ? [name, 'on'] : []);
  const on = [...flag('allmulticast'), ...flag('promisc')];
  const { device: name, mac, detail } = tap;
  const onHost = { stage: 'attach', lane: THIS_HOST, where: LOCAL } as const;
  return [
    {
      ...onHost,
      id: `macvtap ${name}`,
      do: {
        tool: 'ip',
        args: [
          ...['link', 'set', 'dev', name, 'alias', markOf(lab.name), ...on],
          ...silence(tap.mtu),
        ],
      },
      owns: { type: 'link', name, mac },
      why: `mark ${detail.label}${on.length > 0 ? ` and set ${on.join(' ')}` : ''}`,
    },
    {
      ...onHost,
      id: `macvtap ${name} address`,
      do: { tool: 'ip', args: ['addr', 'flush', 'dev', name] },
      why: `take from ${detail.label} the address that the host gave it: it is the guest's`,
    },
  ];
}
