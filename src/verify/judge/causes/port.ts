import { rulesOf } from '../../../hops/kinds/index.js';
import type { Hop } from '../../../hops/types.js';
import { deviceOf, type CauseKind, type Explanation, type Incident } from './define.js';

/** Ports of bridges on the way, with the bridge that the topology puts them into. */
const portsIn = ({ path, lastSeen, firstMissed }: Incident): readonly [port: Hop, bridge: Hop][] =>
  path.flatMap((hop, index) => {
    // A port that has seen the frame has handed it over, or got it from the bridge.
    const isSuspect = index >= lastSeen && index <= firstMissed;
    if (rulesOf(hop.kind).isKernelBridge !== true || !isSuspect) return [];
    return [path[index - 1], path[index + 1]].flatMap((port) =>
      port && port.stack === hop.stack ? [[port, hop] as [Hop, Hop]] : [],
    );
  });

function wrongWith(scene: Incident, port: Hop, bridge: Hop): Omit<Explanation, 'at'> | undefined {
  const device = deviceOf(scene, port);
  if (!device) return undefined;
  if (device.master !== bridge.device)
    return {
      reason: `${port.label} is no port of ${bridge.label} (\`${bridge.device}\`)${device.master === undefined ? '' : `, but of \`${device.master}\``}.`,
      remedy: `Plug it in again: \`ip link set dev ${port.device} master ${bridge.device}\`.`,
      source: 'ip-link(8) master; Linux net/bridge/br_if.c',
    };
  const state = device.linkinfo?.info_slave_data?.state;
  // Without carrier it is disabled, and that is told of the cable.
  const isDead = !device.flags.includes('LOWER_UP');
  if (!isDead && typeof state === 'string' && state !== 'forwarding')
    return {
      reason: `${port.label} is a port in state ${state}: the bridge neither takes frames from it nor sends any by it.`,
      remedy: `Turn spanning tree off on the bridge, or set the port: \`bridge link set dev ${port.device} state 3\`.`,
      source: 'IEEE 802.1D-2004 17; Linux net/bridge/br_input.c; bridge(8) state',
    };
  return undefined;
}

/** A port that left its bridge, or that the bridge does not forward on. */
export const port: CauseKind<Incident> = {
  name: 'port',
  doc: 'A port on the way is not in its bridge any more, or the bridge keeps it from forwarding.',
  find(scene) {
    for (const [hop, bridge] of portsIn(scene)) {
      const found = wrongWith(scene, hop, bridge);
      if (found) return { at: hop, ...found };
    }
    return undefined;
  },
};
