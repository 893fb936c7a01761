import { REBUILD, type FindingKind } from './define.js';
import { holders } from './holders.js';

/** One MAC in two stacks. A stack may use one for several devices: a bridge has that of a port, a VLAN device its lower one's. */
export const duplicateMac: FindingKind = {
  kind: 'duplicate-mac',
  doc: 'Devices of two stacks have the same MAC: switches then send what is for one of them to the other.',
  find: ({ state, graph }) =>
    holders(state, ({ mac }) => [mac])
      .filter(
        ({ what, holders: all }) => !all.every((id) => graph.hops.get(id)?.settings.mac === what),
      )
      .map(({ what, where }) => ({
        severity: 'error',
        where,
        what: `${where.join(' and ')} have the same MAC, ${what}.`,
        why: 'The topology gives each of them a MAC of its own.',
        fix: `Give one of them another (\`ip link set dev DEVICE address MAC\`). ${REBUILD}`,
      })),
};
