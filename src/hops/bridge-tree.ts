import type { BridgeSettings } from './bridge-settings.js';
import type { TreeBridge } from './tree.js';

/** Port numbers are given in the order in which ports join: net/bridge/br_if.c, find_portno; br_private_stp.h, make_port_id. */
export const bridgeTree = ({ priority, mac = '', ports }: BridgeSettings): TreeBridge => ({
  id: `${priority.toString(16).padStart(4, '0')}.${mac}`,
  ports: Object.entries(ports).map(([hop, port], index) => ({
    hop,
    id: port.priority * 1024 + index + 1,
    cost: port.cost,
    // Where the mask of the port lets BPDUs in, they are forwarded like any other frame.
    guard: port.guard && (port.mask & 1) === 0,
    rootBlock: port.rootBlock,
  })),
  costs: 'short',
});
