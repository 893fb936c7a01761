import { rulesOf } from '../hops/kinds/index.js';
import type { HopGraph } from '../hops/graph.js';
import type { Control } from '../hops/control.js';
import type { Hop } from '../hops/types.js';

/** A switch that takes orders by OpenFlow, as its controller knows it. */
export interface ControlledSwitch extends Control {
  readonly hop: Hop;
}

/** The switches of a lab that controllers can order about. */
export const switchesIn = ({ hops }: Pick<HopGraph, 'hops'>): readonly ControlledSwitch[] =>
  [...hops.values()].flatMap((hop) => {
    const control = rulesOf(hop.kind).control?.(hop);
    return control ? [{ ...control, hop }] : [];
  });

/** Those that a node with these addresses orders about: they have it among their controllers. */
export const switchesOf = (
  switches: readonly ControlledSwitch[],
  addresses: readonly string[],
): readonly ControlledSwitch[] =>
  switches.filter(({ controllers }) =>
    controllers.some((target) => addresses.includes(addressOf(target) ?? '')),
  );

/** The address in `tcp:10.0.0.1:6653` or `tcp:[fd00::1]:6653`: ovs-vswitchd.conf.db(5), Controller, target. */
const addressOf = (target: string): string | undefined =>
  /^(?:tcp|ssl):\[?(.*?)\]?(?::\d+)?$/.exec(target)?.[1];

/** The hops of the ports of switches, each with its switch. */
export const portsOf = (
  switches: readonly ControlledSwitch[],
): ReadonlyMap<string, ControlledSwitch> =>
  new Map(switches.flatMap((one) => Object.keys(one.ports).map((id) => [id, one] as const)));
