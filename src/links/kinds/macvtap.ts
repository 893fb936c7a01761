import { z } from 'zod';
import { lowerEdge, wireEdge } from '../../hops/types.js';
import { twoPorts } from '../../topology/fields.js';
import type { Lab, LinkEnd } from '../../topology/lab.js';
import { defineLink, type Attachment } from '../define.js';
import { hostDevice, nodePort, vethPair, type HostDevice, type VethEnd } from '../devices.js';
import { pairEnds, sayCable } from '../ends.js';
import { dress, macvtapFlags, type MacvtapOptions } from '../macvtap-device.js';

/** One side of the cable: a macvtap on a veth for a guest, the veth end itself for a namespace. */
interface Side {
  readonly veth: VethEnd & { readonly detail?: HostDevice['detail'] };
  readonly macvtap: HostDevice | undefined;
  readonly port: string;
}

const MODES = ['vepa', 'bridge', 'private', 'passthru'] as const;

/** Every mode, by itself and with each flag. */
const modesAndFlags = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    MODES.flatMap((mode) => [
      [mode, { mode }],
      ...Object.keys(macvtapFlags).map((flag) => [`${mode} ${flag}`, { mode, [flag]: true }]),
    ]),
  ) as Readonly<Record<string, object>>;

/** A veth pair with a macvtap on each guest end: drivers/net/macvlan.c, drivers/net/tap.c. */
export const macvtap = defineLink({
  kind: 'macvtap',
  title: 'macvtap patch cable',
  doc: `A veth pair with a macvtap on each end that is a guest; an end that is a namespace is the veth itself.
From the guest outwards every frame leaves. Towards the guest a macvtap in mode vepa, bridge or private delivers
only broadcast and frames for its own MAC, so anything behind the guest (a bridge, a container) never gets its
answers; mode passthru delivers every unicast frame. Multicast (LLDP, LACP, IPv6 neighbour discovery) is dropped in
every mode until \`allmulticast\` or \`promisc\` is on; PAUSE is never delivered.`,
  example: `name: two-guests
nodes:
  sw1: { kind: vm, addresses: { eth1: 10.0.0.1/24 } }
  sw2: { kind: vm, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: macvtap, mode: vepa, allmulticast: true, ends: [sw1:eth1, sw2:eth1] }
`,
  schema: z.strictObject({
    kind: z.literal('macvtap'),
    ends: twoPorts.describe('The two ports that the cable joins, a guest at least at one'),
    mode: z
      .enum(MODES)
      .default('vepa')
      .describe('Mode of the macvtap devices (libvirt spells the last one `passthrough`)'),
    ...macvtapFlags,
  }),
  offers: ['macvtap', 'netdev'],
  // With a namespace at one end: a frame from the guest leaves by a macvtap, and one to the guest enters by it.
  variants: { nodes: ['netns', 'vm'], settings: modesAndFlags() },
  auto: {
    cost: 2,
    tries: ['vepa', 'vepa allmulticast', 'passthru', 'passthru allmulticast'],
  },
  ends: (spec) => pairEnds(spec.ends),
  cables: () => [[0, 1]],
  validate: (_spec, ends) =>
    ends.some((end) => end.via === 'macvtap')
      ? []
      : [
          {
            code: 'topology/no-guest',
            path: ['kind'],
            what: 'Neither end of this macvtap cable is a guest.',
            why: 'A macvtap hands frames to a virtual machine; between two namespaces there is nothing to hand them to.',
            fix: 'write `kind: veth`, which is the same cable without the macvtaps',
          },
        ],
  requirements: () => [
    { check: 'kernel-kind', arg: 'veth' },
    { check: 'kernel-kind', arg: 'macvtap' },
  ],
  plan(link, lab) {
    const { mode, trustGuestRxFilters } = link.spec;
    const sides = link.ends.map((end) => makeSide(lab, end, link.spec));
    const [a, b] = sides as [Side, Side];
    const attach = ({ macvtap: tap, veth }: Side): Attachment =>
      tap
        ? { via: 'macvtap', device: tap.device, lower: veth.device, mode, trustGuestRxFilters }
        : { via: 'netdev' };
    return {
      resources: [
        vethPair(lab, a.veth, b.veth, sayCable(link, 'cable')),
        ...sides.flatMap((side) => (side.macvtap ? [dress(lab, side.macvtap, link.spec)] : [])),
      ],
      attachments: sides.map(attach),
      hops: {
        hops: sides.flatMap(({ macvtap: tap, veth }) =>
          [tap?.detail, veth.detail].filter((hop) => hop !== undefined),
        ),
        edges: [
          ...sides.flatMap(({ macvtap: tap, veth, port }) =>
            tap ? [lowerEdge(port, tap.hop), lowerEdge(tap.hop, veth.hop)] : [],
          ),
          wireEdge(a.veth.hop, b.veth.hop),
        ],
      },
    };
  },
});

function makeSide(lab: Lab, end: LinkEnd, spec: MacvtapOptions & { readonly mode: string }): Side {
  const port = nodePort(end);
  if (end.via !== 'macvtap') return { veth: port, macvtap: undefined, port: port.hop };
  const { mode, allmulticast, promisc, trustGuestRxFilters } = spec;
  const veth = hostDevice(lab, end, 'veth');
  const settings = { mode, allmulticast, promisc, trustGuestRxFilters };
  return {
    veth,
    macvtap: hostDevice(lab, end, 'macvtap', { ...settings, mac: end.port.mac }),
    port: port.hop,
  };
}
