import { defineResource, type Act } from '../define.js';
import type { Where } from '../../../where.js';
import { ownMac, readFrom, type DeviceRow } from '../look.js';
import { devicesOf } from '../read-device.js';

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

/** The name of a running guest among what a lab makes; its stack is there once its agent answers. */
export const guestId = (node: string): string => `guest ${node}`;

/** It has a name of its kernel's until it gets that of its port. */
const naming = ({ mac, name, inside }: NicState): readonly Act[] =>
  inside
    ? [
        {
          do: { tool: 'name-nic', mac, name },
          ...{ name: 'name', where: inside, why: `call the new NIC ${name}` },
        },
      ]
    : [];

/** What is made by software says its kind. */
const isHardware = ({ linkinfo }: DeviceRow): boolean => linkinfo?.info_kind === undefined;

/** A NIC of a guest. It comes with its domain; later it is plugged in hot. */
export const nic = defineResource<NicState>({
  type: 'nic',
  noun: 'NIC',
  stage: () => 'guests',
  comesWith: ({ node }) => guestId(node),
  standsAlone: ({ hot }) => hot,
  make: (wanted) => [
    { do: { tool: 'attach-nic', domain: wanted.domain, xml: wanted.xml } },
    ...naming(wanted),
  ],
  change: (old, wanted) =>
    JSON.stringify({ ...old, name: wanted.name }) === JSON.stringify(wanted)
      ? naming(wanted)
      : 'libvirt sets that when it plugs a NIC in',
  remove: ({ domain, mac }) => [{ do: { tool: 'detach-nic', domain, mac } }],
  questions: ({ inside }) => (inside ? devicesOf(inside) : []),
  read: (wanted, look) =>
    wanted.inside === undefined
      ? wanted
      : readFrom(look(wanted.inside, 'devices'), wanted, (rows) => {
          const row = rows.find((one) => ownMac(one) === wanted.mac && isHardware(one));
          return { ...wanted, name: row?.ifname ?? wanted.name };
        }),
});
