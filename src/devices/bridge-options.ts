import { z } from 'zod';
import { PLAIN_BRIDGE, PLAIN_PORT } from '../hops/bridge-settings.js';
import type { Command } from '../plan/step.js';
import { mtuField } from '../topology/fields.js';

/** What bridges of the host and bridges in nodes have in common: ip-link(8) `type bridge` and `bridge_slave`, bridge(8). */

const mask = z.int().min(0).max(0xffff);

/**
 * Which reserved group addresses a bridge port lets in: bit n stands for 01:80:c2:00:00:0n. The kernel
 * refuses bit 1 (PAUSE) on a port (net/bridge/br_netlink.c, BR_GROUPFWD_MACPAUSE; since Linux 4.15).
 */
const portMask = mask.refine((bits) => (bits & 0b10) === 0, {
  error: 'leave bit 1 (PAUSE) out, as in 0xfffd: the kernel never forwards it',
});

/** The mask of all ports of a bridge. */
export const groupForwardMask = portMask.default(0);

/** Of the bridge as a whole the kernel refuses bits 0 to 2 (net/bridge/br_private.h, BR_GROUPFWD_RESTRICTED). */
const bridgeMask = mask.refine((bits) => (bits & 0b111) === 0, {
  error:
    'leave bits 0 to 2 (STP, PAUSE, LACP) out, as in 0xfff8: the kernel takes them per port only (`group_fwd_mask`)',
});

const vlan = z.int().min(1).max(4094);

/** Settings of a bridge. */
export const bridgeFields = {
  group_fwd_mask: groupForwardMask.describe(
    'Reserved group addresses that each port lets through, bit n for 01:80:c2:00:00:0n: 0x4000 is LLDP, 0xfffd is all but PAUSE',
  ),
  bridge_group_fwd_mask: bridgeMask
    .default(0)
    .describe('The same for the bridge as a whole (the older setting, without bits 0 to 2)'),
  stp: z
    .boolean()
    .default(false)
    .describe('Run the spanning tree protocol of the kernel; ports forward after 4 seconds'),
  priority: z
    .int()
    .min(0)
    .max(65535)
    .default(PLAIN_BRIDGE.priority)
    .describe(
      'Of spanning tree: upper half of the identifier of the bridge; the lowest identifier is the root',
    ),
  snooping: z.boolean().default(false).describe('IGMP and MLD snooping'),
  querier: z
    .boolean()
    .default(false)
    .describe(
      'Ask for the members of groups, as a multicast router would; without a querier somewhere a bridge that snoops floods everything',
    ),
  vlan_filtering: z
    .boolean()
    .default(false)
    .describe('Sort frames into VLANs by their tags; every port is in VLAN 1, untagged'),
  mtu: mtuField
    .optional()
    .describe(
      "MTU of the bridge's own device. It limits what the bridge itself sends; what it forwards is limited by the MTU of the port that it leaves by",
    ),
};

/** Settings of one port of a bridge. */
export const bridgePortFields = {
  group_fwd_mask: portMask.optional().describe('`group_fwd_mask` of this port alone'),
  isolated: z.boolean().default(false).describe('Isolated ports do not hear each other'),
  hairpin: z
    .boolean()
    .default(false)
    .describe('Send frames back by the port that they came by (reflective relay)'),
  cost: z
    .int()
    .min(1)
    .max(65535)
    .optional()
    .describe(
      'Of spanning tree: what a way to the root over this port costs; by the speed of the device when left out (2 for a veth, 100 for a virtio NIC)',
    ),
  priority: z
    .int()
    .min(0)
    .max(63)
    .default(PLAIN_PORT.priority)
    .describe(
      'Of spanning tree: upper part of the identifier of the port; of two ways that cost the same the one by the lower identifier of the neighbour is taken',
    ),
  pvid: z
    .int()
    .min(0)
    .max(4094)
    .default(1)
    .describe('With `vlan_filtering`: VLAN of frames without a tag; 0 for none'),
  vlans: z
    .array(vlan)
    .default([])
    .describe(
      'With `vlan_filtering`: VLANs that cross tagged; to list the `pvid` too changes nothing',
    ),
};

export type BridgeSpec = z.output<z.ZodObject<typeof bridgeFields>>;
export type BridgePortSpec = z.output<z.ZodObject<typeof bridgePortFields>>;

/** A bridge, and a port of one, that nobody set anything of. */
export const plainBridge: BridgeSpec = z.object(bridgeFields).parse({});
export const bridgePort: BridgePortSpec = z.object(bridgePortFields).parse({});

/** Centiseconds that a port listens, and then learns, before it forwards: the least with spanning tree (IEEE 802.1D allows 4 s; net/bridge/br_private_stp.h, BR_MIN_FORWARD_DELAY). */
const FORWARD_DELAY = 200;
/** Centiseconds until a querier that has just begun believes what it heard. */
const QUERY_RESPONSE = 100;

/**
 * Arguments of `ip` for each command that makes a bridge. A querier counts what it may believe from when it is
 * switched on, so that comes after its interval (net/bridge/br_multicast.c, br_multicast_set_querier).
 */
export const makeBridge = (
  name: string,
  mac: string,
  spec: BridgeSpec,
): readonly (readonly string[])[] => [
  [
    ...['link', 'add', 'name', name, 'address', mac],
    ...['type', 'bridge', 'stp_state', Number(spec.stp), 'mcast_snooping', Number(spec.snooping)],
    ...['forward_delay', spec.stp ? FORWARD_DELAY : 0],
    ...(spec.priority === PLAIN_BRIDGE.priority ? [] : ['priority', spec.priority]),
    ...(spec.bridge_group_fwd_mask === 0
      ? []
      : ['group_fwd_mask', hex(spec.bridge_group_fwd_mask)]),
    ...(spec.querier ? ['mcast_query_response_interval', QUERY_RESPONSE] : []),
    ...(spec.vlan_filtering ? ['vlan_filtering', 1] : []),
  ].map(String),
  ...(spec.querier ? [['link', 'set', 'dev', name, 'type', 'bridge', 'mcast_querier', '1']] : []),
];

/**
 * Arguments of `ip` for what a bridge is given once it has its ports: each port that joins changes an MTU that was
 * there before (net/bridge/br_if.c, br_mtu_auto_adjust).
 */
export const finishBridge = (name: string, { mtu }: BridgeSpec): readonly (readonly string[])[] =>
  mtu === undefined ? [] : [['link', 'set', 'dev', name, 'mtu', String(mtu)]];

const hex = (bits: number): string => `0x${bits.toString(16)}`;

/** What a port lets in: its own mask, or that of all ports. */
export const maskOf = (spec: BridgeSpec, port: BridgePortSpec): number =>
  port.group_fwd_mask ?? spec.group_fwd_mask;

/** A command about a port of a bridge, and what of the port it is about. */
interface PortCommand {
  readonly what: string;
  readonly do: Command;
}

/**
 * Commands that make a device a port of a bridge. The kernel reads the options of a port before
 * its new master, so they go into a command of their own (net/core/rtnetlink.c, __rtnl_newlink).
 */
export function plugIn(
  bridge: string,
  device: string,
  spec: BridgeSpec,
  port: BridgePortSpec,
): readonly PortCommand[] {
  const options = [
    ...(maskOf(spec, port) === 0 ? [] : ['group_fwd_mask', hex(maskOf(spec, port))]),
    ...(port.isolated ? ['isolated', 'on'] : []),
    ...(port.hairpin ? ['hairpin', 'on'] : []),
    ...(port.cost === undefined ? [] : ['cost', String(port.cost)]),
    ...(port.priority === PLAIN_PORT.priority ? [] : ['priority', String(port.priority)]),
  ];
  const set = ['link', 'set', 'dev', device];
  return [
    { what: 'master', do: { tool: 'ip', args: [...set, 'master', bridge] } },
    ...(options.length === 0
      ? []
      : [
          {
            what: 'options',
            do: { tool: 'ip', args: [...set, 'type', 'bridge_slave', ...options] },
          } as const,
        ]),
    ...(spec.vlan_filtering ? vlanCommands(device, port) : []),
  ];
}

const DEFAULT_PVID = 1;

/** VLANs that cross a port with a tag. Those of its PVID never have one, listed or not. */
export const taggedOf = ({ pvid, vlans }: BridgePortSpec): readonly number[] =>
  [...new Set(vlans)].filter((id) => id !== pvid).sort((a, b) => a - b);

/**
 * bridge(8): a port begins in VLAN 1, untagged. To add a VLAN again without flags takes those that it had, so each is
 * added once, and the PVID after all others.
 */
function vlanCommands(device: string, port: BridgePortSpec): readonly PortCommand[] {
  const { pvid } = port;
  const command = (verb: 'add' | 'del', id: number, ...flags: readonly string[]): PortCommand => ({
    what: `vlan ${verb} ${id}`,
    do: {
      tool: 'exec',
      argv: ['bridge', 'vlan', verb, 'dev', device, 'vid', String(id), ...flags],
    },
  });
  return [
    ...(pvid === DEFAULT_PVID ? [] : [command('del', DEFAULT_PVID)]),
    ...taggedOf(port).map((id) => command('add', id)),
    ...(pvid === DEFAULT_PVID || pvid === 0 ? [] : [command('add', pvid, 'pvid', 'untagged')]),
  ];
}
