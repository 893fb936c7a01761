import type { HopGraph } from './graph.js';
import { chance, drop } from './outcome.js';
import type { BridgeInTree, PortRole, SpanningTree } from './port-roles.js';
import type { Forwarding, Hop } from './types.js';

/** The ports by which spanning tree lets nothing through, and why. */

const SHUT: ReadonlySet<PortRole | undefined> = new Set(['blocked', 'guarded', 'held', 'raced']);

const guarded = ({ label }: Hop): Forwarding =>
  drop(
    `${label} has \`guard: true\`, and a bridge behind it sends BPDUs: the first one has disabled the port.`,
    `Set \`guard: false\` on that port, or keep the other bridge from speaking spanning tree to it.`,
    'Linux net/bridge/br_stp_bpdu.c: br_stp_rcv (BR_BPDU_GUARD); bridge(8) guard',
  );

const held = ({ label }: Hop, { root }: BridgeInTree): Forwarding =>
  drop(
    `${label} has \`root_block: true\`, and a better root than ${root.label} is heard there: the port does not forward while that is so.`,
    `Set \`root_block: false\` on that port, or give ${root.label} the lowest \`priority\`.`,
    'Linux net/bridge/br_stp.c: br_root_selection (BR_ROOT_BLOCK), br_root_port_block; bridge(8) root_block',
  );

/** @param guards - labels of the guarded ports that decide */
const raced = ({ label }: Hop, guards: readonly string[]): Forwarding =>
  chance(undefined, {
    reason: `${guards.join(' and ')} ${guards.length > 1 ? 'have' : 'has'} \`guard: true\`, and the bridge behind sends a BPDU there only where it speaks before it has heard a better one: nobody knows beforehand whether ${label} forwards.`,
    remedy: `Set \`guard: false\` on ${guards.join(' and ')}, or take one of the two ways to the root out.`,
    source:
      'Linux net/bridge/br_stp_bpdu.c: br_stp_rcv (BR_BPDU_GUARD); br_stp.c: br_config_bpdu_generation, br_received_config_bpdu',
  });

/** Why a frame does not enter or leave a bridge by a port; nothing where spanning tree lets it. */
export function blockedBy(
  tree: SpanningTree,
  graph: HopGraph,
): (bridge: Hop, from: Hop | undefined, to: Hop | undefined) => Forwarding | undefined {
  return (bridge, from, to) => {
    const inTree = tree.get(bridge.id);
    if (!inTree) return undefined;
    const roleOf = (one: Hop | undefined) => inTree.roles.get(one?.id ?? '');
    const shut = [from, to].filter((one) => SHUT.has(roleOf(one)));
    const port = shut.find((one) => roleOf(one) !== 'raced') ?? shut[0];
    if (!port) return undefined;
    const role = roleOf(port);
    if (role === 'guarded') return guarded(port);
    if (role === 'held') return held(port, inTree);
    const races = inTree.races?.get(port.id);
    if (races)
      return raced(
        port,
        races.map((id) => graph.place(id).hop.label),
      );
    const [way] = [...inTree.roles].find(([, role]) => role === 'root') ?? [];
    const over = way === undefined ? '' : ` over ${graph.place(way).hop.label}`;
    return drop(
      `Spanning tree blocks ${port.label}: ${bridge.label} reaches the root ${inTree.root.label}${over}, and another way to the root is the better one for the segment behind ${port.label}.`,
      `To have ${port.label} forward, make this way the cheaper one (\`cost\` of a port, \`priority\` of a bridge), or take the other one out.`,
      'IEEE 802.1D-2004 17.7 (port roles); Linux net/bridge/br_stp.c: br_port_state_selection',
    );
  };
}
