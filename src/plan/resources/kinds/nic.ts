import { defineResource } from '../define.js';
import type { Where } from '../../../where.js';

interface NicState {
  /** The node whose guest has it. */
  readonly node: string;
  readonly domain: string;
  readonly mac: string;
  /** The port that it is. */
  readonly name: string;
  /** As libvirt has it. */
  readonly xml: string;
  /** Can it be plugged in while the guest runs? */
  readonly hot: boolean;
  /** Where it is named: not in a guest without an agent. */
  readonly inside?: Where;
}

/** A NIC of a guest. It comes with its domain; later it is plugged in hot. */
export const nic = defineResource<NicState>({
  type: 'nic',
  noun: 'NIC',
  stage: () => 'guests',
  comesWith: ({ node }) => node,
  standsAlone: ({ hot }) => hot,
  make: ({ domain, xml, mac, name, inside }) => [
    { do: { tool: 'attach-nic', domain, xml } },
    ...(inside
      ? [
          {
            do: { tool: 'name-nic', mac, name } as const,
            name: 'name',
            where: inside,
            stage: 'inside' as const,
            why: `call the new NIC ${name}`,
          },
        ]
      : []),
  ],
  change: () => 'libvirt sets that when it plugs a NIC in',
  remove: ({ domain, mac }) => [{ do: { tool: 'detach-nic', domain, mac } }],
});
