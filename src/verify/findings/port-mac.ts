import { hopId } from '../../hops/graph.js';
import type { Port } from '../../topology/lab.js';
import { REBUILD, type FindingKind } from './define.js';

/** A port whose device has not the MAC that the lab gives it: another port's when they are in the wrong order. */
export const portMac: FindingKind = {
  kind: 'port-mac',
  doc: 'The device of a port has another MAC than the topology gives it. With the MAC of another port of its node the ports are in the wrong order: each is on the other one’s cable.',
  find: ({ lab, graph, state }) =>
    lab.nodes.flatMap((node) => {
      const owner = new Map(node.ports.map((port): [string, Port] => [port.mac, port]));
      return node.ports.flatMap((port) => {
        const device = state.get(node.name)?.find(({ name }) => name === port.name);
        const meant = graph.hops.get(hopId(node.name, port.name))?.settings.mac ?? port.mac;
        // A bond gives its members its own, and they keep theirs beside it.
        if (!device || device.mac === meant || device.mac === port.mac) return [];
        const other = owner.get(device.mac);
        return [
          {
            severity: 'error' as const,
            where: [port.ref],
            what: other
              ? `${port.ref} has the MAC of ${other.ref}: the ports of ${node.name} are in the wrong order.`
              : `${port.ref} has the MAC ${device.mac}.`,
            why: `The topology gives ${port.ref} the MAC ${meant}.`,
            fix: other
              ? `Name the devices of ${node.name} after their MACs, or look at the order of its NICs. ${REBUILD}`
              : `\`ip link set dev ${port.name} address ${meant}\` in ${node.name}.`,
          },
        ];
      });
    }),
};
