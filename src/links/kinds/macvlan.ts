import { z } from 'zod';
import { groupForwardMask } from '../../devices/bridge-options.js';
import { macField, portRef } from '../../topology/fields.js';
import type { LinkEnd } from '../../topology/lab.js';
import type { Problem } from '../../topology/problem.js';
import { defineLink } from '../define.js';
import { linkDevice, nodePort, vethPair } from '../devices.js';
import { endField, everyPair, portEnds } from '../ends.js';
import { macvtapFlags } from '../macvtap-device.js';
import { planPort, type MacvlanOptions } from '../macvlan-port.js';
import { wireEdge } from '../../hops/types.js';
import { makeRelay } from '../macvlan-relay.js';

const end = endField({
  sources: z
    .array(macField)
    .default([])
    .describe('In mode source: the senders whose frames this end takes'),
  promisc: z.boolean().default(false).describe('Promiscuous mode of this end alone'),
  allmulticast: z.boolean().default(false).describe('`allmulticast` of this end alone'),
});

const schema = z.strictObject({
  kind: z.literal('macvlan'),
  ends: z.array(end).min(1).describe('The ports on the lower device'),
  mode: z
    .enum(['vepa', 'bridge', 'private', 'passthru', 'source'])
    .default('vepa')
    .describe('Mode of the devices; guests have no mode source'),
  uplink: portRef
    .optional()
    .describe('A port of a namespace that is the other end of the lower device'),
  reflective_relay: z
    .boolean()
    .default(false)
    .describe('Put a bridge at the other end of the lower device that sends everything back'),
  group_fwd_mask: groupForwardMask.describe(
    'With `reflective_relay`: reserved group addresses that the bridge reflects, bit n for 01:80:c2:00:00:0n',
  ),
  ...macvtapFlags,
});
type Spec = z.output<typeof schema>;

/** What the link says of all its ends, and an end of itself. */
const optionsOf = (spec: Spec, index: number): MacvlanOptions => {
  const { sources = [], promisc = false, allmulticast = false } = spec.ends[index] ?? {};
  return {
    mode: spec.mode,
    trustGuestRxFilters: spec.trustGuestRxFilters,
    promisc: spec.promisc || promisc,
    allmulticast: spec.allmulticast || allmulticast,
    sources,
  };
};

const wrong = (path: Problem['path'], what: string, fix: string): Problem => ({
  code: 'topology/wrong-value',
  path,
  what,
  fix,
});

/** What the modes forbid. */
const rules: readonly ((spec: Spec, ends: readonly LinkEnd[]) => Problem | undefined)[] = [
  ({ mode, ends }) =>
    mode === 'passthru' && ends.length > 1
      ? wrong(
          ['mode'],
          'Mode passthru gives the lower device to one port, and this link has several.',
          'take one of the other modes, or leave one end',
        )
      : undefined,
  ({ mode }, ends) =>
    mode === 'source' && ends.some(({ via }) => via === 'macvtap')
      ? wrong(['mode'], 'libvirt gives a guest no macvtap in mode source.', 'take another mode')
      : undefined,
  ({ uplink, reflective_relay: relay }) =>
    uplink !== undefined && relay
      ? wrong(
          ['uplink'],
          'The other end of the lower device is the reflecting bridge already.',
          'write `uplink` or `reflective_relay`, not both',
        )
      : undefined,
  ({ ends: own, uplink }, ends) =>
    uplink !== undefined && ends[own.length]?.via !== 'netdev'
      ? wrong(['uplink'], `${uplink} is no port of a namespace.`, 'name a port of a namespace')
      : undefined,
];

/** Several macvlans or macvtaps on one lower device: drivers/net/macvlan.c, ip-link(8) `type macvlan`. */
export const macvlan = defineLink({
  kind: 'macvlan',
  title: 'macvlan segment',
  doc: `Several ports on one lower device of the host: a macvlan in each namespace, a macvtap for each guest. Who hears whom
depends on the mode. In mode bridge they hear each other. In mode vepa all goes out by the lower device, and comes back
only with \`reflective_relay\`, a neighbour that reflects (a bridge port with hairpin on). In mode private groups do not come
back even then. Mode passthru gives the lower device to one port alone. In mode source a port takes what comes from
listed MACs, whatever it is for. \`uplink\` is a namespace at the other end of the lower device.`,
  example: `name: shared
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
  wire: { kind: netns, addresses: { eth1: 10.0.0.3/24 } }
links:
  - { kind: macvlan, mode: bridge, ends: [a:eth1, b:eth1], uplink: wire:eth1 }
`,
  schema,
  offers: ['macvtap', 'netdev'],
  // Mode passthru has one port, so there is nobody else on the lower device to hear.
  variants: {
    settings: Object.fromEntries(
      (['vepa', 'bridge', 'private', 'source'] as const).flatMap((mode) => [
        [mode, { mode }],
        [`${mode} reflective_relay`, { mode, reflective_relay: true }],
        [`${mode} allmulticast`, { mode, allmulticast: true }],
      ]),
    ),
  },
  ends: ({ ends, uplink }) => [
    ...portEnds(ends),
    ...(uplink === undefined ? [] : [{ ref: uplink, path: ['uplink'] }]),
  ],
  cables: ({ ends, uplink }) => everyPair(uplink === undefined ? ends : [...ends, uplink]),
  validate: (spec, ends) => rules.flatMap((rule) => rule(spec, ends) ?? []),
  requirements: ({ spec, ends }) => [
    { check: 'kernel-kind', arg: 'veth' },
    ...(spec.reflective_relay ? [{ check: 'kernel-kind', arg: 'bridge' }] : []),
    ...[...new Set(ends.slice(0, spec.ends.length).map(({ via }) => via))].map((via) => ({
      check: 'kernel-kind',
      arg: via === 'macvtap' ? 'macvtap' : 'macvlan',
    })),
  ],
  plan(link, lab) {
    const { spec } = link;
    const mtus = link.ends.flatMap(({ port }) => port.mtu ?? []);
    const mtu = mtus.length === 0 ? undefined : Math.max(1500, ...mtus);
    const [only] = link.ends;
    const lower = linkDevice(lab, link.id, 'lower', 'veth', {
      // In mode passthru a macvlan has the MAC of its lower device, whatever it is told (drivers/net/macvlan.c, macvlan_common_newlink).
      ...(spec.mode === 'passthru' && only?.via === 'netdev' && { mac: only.port.mac }),
      ...(mtu !== undefined && { mtu }),
    });
    const uplink = link.ends[spec.ends.length];
    const spare = uplink ? undefined : linkDevice(lab, link.id, 'far', 'veth');
    const far = spare ?? nodePort(uplink ?? fail());
    const relay = spec.reflective_relay
      ? makeRelay(lab, link.id, far, spec.group_fwd_mask)
      : undefined;
    const ports = link.ends
      .slice(0, spec.ends.length)
      .map((each, index) => planPort(lab, each, lower, optionsOf(spec, index)));
    return {
      resources: [
        vethPair(lab, lower, far, `${link.id}: lower device`),
        ...(relay?.resources ?? []),
        ...ports.flatMap(({ resources }) => resources),
      ],
      attachments: [
        ...ports.map(({ attachment }) => attachment),
        ...(uplink ? [{ via: 'netdev' } as const] : []),
      ],
      hops: {
        hops: [
          ...[lower.detail, ...(spare ? [spare.detail] : []), ...(relay?.hops.hops ?? [])],
          ...ports.flatMap(({ hops }) => hops.hops),
        ],
        edges: [
          ...ports.flatMap(({ hops }) => hops.edges),
          ...[wireEdge(lower.hop, far.hop), ...(relay?.hops.edges ?? [])],
        ],
      },
    };
  },
});

function fail(): never {
  throw new RangeError('the lower device has no other end');
}
