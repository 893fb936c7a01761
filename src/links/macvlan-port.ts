import { lowerEdge, type HopFragment } from '../hops/types.js';
import { LOCAL, type Step } from '../plan/step.js';
import { THIS_HOST, type Lab, type LinkEnd } from '../topology/lab.js';
import type { Attachment } from './define.js';
import { hostDevice, nodePort, type HostDevice } from './devices.js';
import { dress, type MacvtapOptions } from './macvtap-device.js';

/** What a port on a lower device is made with. */
export interface MacvlanOptions extends MacvtapOptions {
  readonly mode: 'vepa' | 'bridge' | 'private' | 'passthru' | 'source';
  /** In mode source. */
  readonly sources: readonly string[];
}

interface MacvlanPort {
  readonly steps: readonly Step[];
  readonly attachment: Attachment;
  readonly hops: HopFragment;
}

/** A port on a lower device: a macvtap for a guest, a macvlan for a namespace. */
export const planPort = (
  lab: Lab,
  end: LinkEnd,
  lower: HostDevice,
  options: MacvlanOptions,
): MacvlanPort =>
  end.via === 'macvtap' ? guestPort(lab, end, lower, options) : namespacePort(end, lower, options);

function guestPort(
  lab: Lab,
  end: LinkEnd,
  lower: HostDevice,
  { mode, allmulticast, promisc, trustGuestRxFilters }: MacvlanOptions,
): MacvlanPort {
  if (mode === 'source') throw new RangeError('a guest has no mode source');
  const port = nodePort(end);
  const settings = { mode, allmulticast, promisc, trustGuestRxFilters };
  const tap = hostDevice(lab, end, 'macvtap', { ...settings, mac: end.port.mac });
  const { device } = tap;
  return {
    steps: dress(lab, tap, { allmulticast, promisc, trustGuestRxFilters }),
    attachment: { via: 'macvtap', device, lower: lower.device, mode, trustGuestRxFilters },
    hops: {
      hops: [tap.detail],
      edges: [lowerEdge(port.hop, tap.hop), lowerEdge(tap.hop, lower.hop)],
    },
  };
}

/** Of Ethernet (linux/if_ether.h, ETH_DATA_LEN). */
const DEFAULT_MTU = 1500;

/** A macvlan made right inside its namespace; it goes with it. */
function namespacePort(
  { port, stack }: LinkEnd,
  lower: HostDevice,
  { mode, allmulticast, promisc, sources }: MacvlanOptions,
): MacvlanPort {
  const { name, mac, ref } = port;
  // It would take that of its lower device.
  const mtu = port.mtu ?? (lower.mtu === undefined ? undefined : DEFAULT_MTU);
  const id = `${stack.id} ${name}`;
  const flags = [
    ...(allmulticast ? ['allmulticast', 'on'] : []),
    ...(promisc ? ['promisc', 'on'] : []),
  ];
  const inside = { stage: 'attach', lane: port.node, where: stack.where } as const;
  const set = ['link', 'set', 'dev', name];
  return {
    steps: [
      {
        stage: 'devices',
        lane: THIS_HOST,
        where: LOCAL,
        id: `macvlan ${ref}`,
        do: {
          tool: 'ip',
          args: [
            ...['link', 'add', 'link', lower.device, 'name', name],
            ...['netns', stack.where.netns ?? '', 'address', mac],
            ...(mtu === undefined ? [] : ['mtu', String(mtu)]),
            ...['type', 'macvlan', 'mode', mode],
          ],
        },
        why: `${ref}: macvlan on ${lower.detail.label}`,
      },
      ...(flags.length === 0
        ? []
        : [
            {
              ...inside,
              id: `macvlan ${ref} flags`,
              do: { tool: 'ip', args: [...set, ...flags] } as const,
              why: `${ref}: ${flags.join(' ')}`,
            },
          ]),
      ...sources.map((source): Step => ({
        ...inside,
        id: `macvlan ${ref} source ${source}`,
        do: { tool: 'ip', args: [...set, 'type', 'macvlan', 'macaddr', 'add', source] },
        why: `${ref}: take what comes from ${source}`,
      })),
    ],
    attachment: { via: 'netdev' },
    hops: {
      hops: [
        {
          ...{ id, kind: 'macvlan', stack: stack.id, where: stack.where, device: name, label: ref },
          settings: {
            ...{ mac, mode, allmulticast, promisc },
            ...(mtu !== undefined && { mtu }),
            ...(sources.length > 0 && { sources }),
          },
        },
      ],
      edges: [lowerEdge(id, lower.hop)],
    },
  };
}
