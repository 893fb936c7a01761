import { hopId } from '../hops/graph.js';
import { impairmentText, type Impairment } from '../topology/impairment.js';
import { impairmentsIn } from '../topology/live.js';
import type { Lab, LabNode } from '../topology/lab.js';
import { isOnMachine } from '../where.js';
import { DEFAULT_MTU } from './resources/host-device.js';
import type { Resource } from './resources/define.js';
import { disciplineOf, qdisc } from './resources/kinds/qdisc.js';
import type { Requirement } from './step.js';

/** Octets of a frame beyond its MTU: header and a tag (linux/if_vlan.h, VLAN_ETH_HLEN). */
const HEADER = 18;

/** What impairs the ports of a node: the resources, and what its kernel must have for them where that is this machine's. */
export interface NodeImpairments {
  readonly resources: readonly Resource[];
  readonly needs: readonly Requirement[];
}

/** What is done to frames that the ports of nodes send, by a function that is asked for each node. Pure. */
export function impairmentsOf(lab: Lab): (node: LabNode) => NodeImpairments {
  const all = impairmentsIn(lab);
  const nothing: NodeImpairments = { resources: [], needs: [] };
  return (node) => {
    const [stack] = node.stacks;
    if (all.size === 0 || !stack) return nothing;
    const impaired = node.ports.flatMap((port) => {
      const impairment = all.get(port.ref);
      return impairment ? [{ port, impairment }] : [];
    });
    const { id, where } = stack;
    return {
      resources: impaired.map(({ port, impairment }) =>
        qdisc.of({
          id: `impair ${port.ref}`,
          lane: node.name,
          where,
          wanted: {
            ...{ device: port.name, discipline: disciplineOf(impairment), impairment },
            frame: (port.mtu ?? DEFAULT_MTU) + HEADER,
          },
          in: [id, hopId(id, port.name)],
          why: `what ${port.ref} sends: ${impairmentText(impairment)}`,
        }),
      ),
      needs: isOnMachine(where) ? impaired.map(({ impairment }) => needOf(impairment)) : [],
    };
  };
}

const needOf = (impairment: Impairment): Requirement => ({
  ...{ check: 'qdisc', arg: disciplineOf(impairment) },
});
