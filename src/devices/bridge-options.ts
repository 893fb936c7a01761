import { z } from 'zod';

/**
 * Which reserved group addresses a bridge port lets in: bit n stands for 01:80:c2:00:00:0n. The kernel
 * refuses bit 1 (PAUSE) on a port (net/bridge/br_netlink.c, BR_GROUPFWD_MACPAUSE; since Linux 4.15).
 */
export const groupForwardMask = z
  .int()
  .min(0)
  .max(0xffff)
  .refine((mask) => (mask & 0b10) === 0, {
    error: 'leave bit 1 (PAUSE) out, as in 0xfffd: the kernel never forwards it',
  })
  .default(0)
  .describe(
    'Reserved group addresses that each port lets through, bit n for 01:80:c2:00:00:0n: 0x4000 is LLDP, 0xfffd is all but PAUSE',
  );

/**
 * Arguments of `ip` that make a device a port of a bridge. The kernel reads the options of a port before
 * its new master, so they go into a command of their own (net/core/rtnetlink.c, __rtnl_newlink).
 */
export const plugIn = (bridge: string, port: string, mask: number): readonly string[][] => [
  ['link', 'set', 'dev', port, 'master', bridge],
  ...(mask === 0
    ? []
    : [
        [
          ...['link', 'set', 'dev', port],
          ...['type', 'bridge_slave', 'group_fwd_mask', `0x${mask.toString(16)}`],
        ],
      ]),
];

/** What a bridge is made with. */
export interface BridgeSettings {
  readonly mtu?: number | undefined;
  readonly stp: boolean;
  readonly snooping: boolean;
}

/** Seconds/100 that a port listens and learns before it forwards; a bridge without spanning tree has nothing to wait for. */
const FORWARD_DELAY = 1500;

/** Arguments of `ip` that make a bridge. */
export const makeBridge = (
  name: string,
  mac: string,
  { mtu, stp, snooping }: BridgeSettings,
): readonly string[] =>
  [
    ...['link', 'add', name, 'address', mac, ...(mtu === undefined ? [] : ['mtu', mtu])],
    ...['type', 'bridge', 'stp_state', Number(stp), 'mcast_snooping', Number(snooping)],
    ...['forward_delay', stp ? FORWARD_DELAY : 0],
  ].map(String);
