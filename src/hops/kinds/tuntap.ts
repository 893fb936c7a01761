import { isDown } from '../limits.js';
import { drop } from '../outcome.js';
import { defineHop, type Hop } from '../types.js';

const withoutProgram = ({ label }: Hop) =>
  drop(
    `${label} has no carrier, because no program has its file open: what it is given to send is thrown away before any capture sees it, and nothing comes by it.`,
    'Let a program open it, as VPN daemons and emulators do: each opens /dev/net/tun and names the device.',
    'Linux drivers/net/tun.c: __tun_detach takes the carrier with the last open file; net/sched/sch_generic.c: dev_deactivate leaves the noop queue',
  );

/** A tun or tap device that stays without a program: drivers/net/tun.c. */
export const tuntap = defineHop({
  kind: 'tuntap',
  doc: 'A tun or tap device in a stack. It is the end of a wire whose other end is a program; while no program has its file open, it has no carrier.',
  drops: ['everything while no program has its file open, which no capture on it sees'],
  // 10 Gbit/s: net/bridge/br_if.c, port_cost.
  pathCost: 2,
  observable: () => true,
  carrier: ({ hop }) => ({ from: [], needs: 'carrier', without: withoutProgram(hop) }),
  takes: (hop) => isDown(hop) ?? withoutProgram(hop),
  forward: ({ hop }) => isDown(hop) ?? withoutProgram(hop),
});
