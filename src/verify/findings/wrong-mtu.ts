import type { Hop } from '../../hops/types.js';
import type { FindingContext, FindingKind } from './define.js';
import { THIS_HOST } from '../../topology/lab.js';

/** What an Ethernet device has when nobody says otherwise: linux/if_ether.h ETH_DATA_LEN. */
const DEFAULT_MTU = 1500;

/** The MTU that a device is meant to have; unknown for devices inside of links that say nothing of it. */
function meantFor({ lab, adjacency }: FindingContext): (hop: Hop) => number | undefined {
  const ports = new Map(lab.nodes.flatMap((node) => node.ports.map((port) => [port.ref, port])));
  const isPort = new Set(adjacency.ports.map(({ id }) => id));
  return ({ id, label, settings }) => {
    if (typeof settings.mtu === 'number') return settings.mtu;
    return isPort.has(id) ? (ports.get(label)?.mtu ?? DEFAULT_MTU) : undefined;
  };
}

/** A device with another MTU than the topology gives it: longer frames die there without a word. */
export const wrongMtu: FindingKind = {
  kind: 'wrong-mtu',
  doc: 'A device has another MTU than the topology gives it (1500 where it says nothing): frames that others think short enough die there without a word.',
  find(context) {
    const meant = meantFor(context);
    return [...context.graph.hops.values()].flatMap((hop) => {
      const [mtu, stack] = [meant(hop), context.state.get(hop.stack)];
      const device = stack?.find(({ name }) => name === hop.device);
      if (!device || mtu === undefined || device.mtu === mtu) return [];
      return [
        {
          severity: 'error' as const,
          where: [hop.label],
          what: `${hop.label} has an MTU of ${device.mtu}.`,
          why: `The topology gives it ${mtu}.`,
          fix: `\`ip link set dev ${hop.device} mtu ${mtu}\`${hop.stack === THIS_HOST ? '' : ` in ${hop.stack}`}.`,
        },
      ];
    });
  },
};
