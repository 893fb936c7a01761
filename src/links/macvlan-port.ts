import { lowerEdge, type HopFragment } from '../hops/types.js';
import { onHost, type Resource } from '../plan/resources/define.js';
import { DEFAULT_MTU } from '../plan/resources/host-device.js';
import { deviceFlags } from '../plan/resources/kinds/device-flags.js';
import { macvlanSource } from '../plan/resources/kinds/macvlan-source.js';
import { macvlan } from '../plan/resources/kinds/macvlan.js';
import type { Lab, LinkEnd } from '../topology/lab.js';
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
  readonly resources: readonly Resource[];
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
  end.via === 'macvtap'
    ? guestPort(lab, end, lower, options)
    : namespacePort(lab, end, lower, options);

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
    resources: [dress(lab, tap, { allmulticast, promisc, trustGuestRxFilters })],
    attachment: { via: 'macvtap', device, lower: lower.device, mode, trustGuestRxFilters },
    hops: {
      hops: [tap.detail],
      edges: [lowerEdge(port.hop, tap.hop), lowerEdge(tap.hop, lower.hop)],
    },
  };
}

/** A macvlan made right inside its namespace; it goes with it. */
function namespacePort(
  lab: Lab,
  { port, stack }: LinkEnd,
  lower: HostDevice,
  { mode, allmulticast, promisc, sources }: MacvlanOptions,
): MacvlanPort {
  const { name, mac, ref } = port;
  // It would take that of its lower device.
  const mtu = port.mtu ?? (lower.mtu === undefined ? undefined : DEFAULT_MTU);
  const id = `${stack.id} ${name}`;
  const flags = [...(allmulticast ? ['allmulticast'] : []), ...(promisc ? ['promisc'] : [])];
  const inside = { lane: port.node, where: stack.where, in: [id] } as const;
  return {
    resources: [
      macvlan.of({
        ...onHost(lab),
        id: `macvlan ${ref}`,
        wanted: {
          ...{ device: name, lower: lower.device, netns: stack.where.netns ?? '', mac },
          ...(mtu !== undefined && { mtu }),
          mode,
        },
        makes: [id],
        in: [stack.id, lower.hop],
        why: `${ref}: macvlan on ${lower.detail.label}`,
      }),
      ...(flags.length === 0
        ? []
        : [
            deviceFlags.of({
              ...inside,
              id: `macvlan ${ref} flags`,
              wanted: { device: name, flags },
              why: `${ref}: ${flags.map((flag) => `${flag} on`).join(' ')}`,
            }),
          ]),
      ...sources.map((mac) =>
        macvlanSource.of({
          ...inside,
          id: `macvlan ${ref} source ${mac}`,
          wanted: { device: name, mac },
          why: `${ref}: take what comes from ${mac}`,
        }),
      ),
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
