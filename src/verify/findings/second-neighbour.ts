import { nameOf } from './adjacency.js';
import { REBUILD, type FindingKind } from './define.js';

/** One more neighbour on a cable than it has ends. */
export const secondNeighbour: FindingKind = {
  kind: 'second-neighbour',
  doc: 'A port hears over LLDP the port that its cable leads to, and another one that no link and no bridge of the topology puts there: something else is plugged in.',
  find({ heard, adjacency }) {
    const declared = new Set(
      heard.filter((one) => adjacency.relationOf(one) === 'declared').map(({ at }) => at.id),
    );
    return heard
      .filter((one) => declared.has(one.at.id) && adjacency.relationOf(one) === 'unexpected')
      .map((one) => ({
        severity: 'error',
        where: [one.at.label],
        what: `${one.at.label} hears a second neighbour: ${nameOf(adjacency, one)}.`,
        why: `The topology has only ${adjacency
          .declaredAt(one.at)
          .map(({ label }) => label)
          .join(', ')} at the other end of ${one.at.label}.`,
        fix: `Find what else is plugged into the cable or the switch of ${one.at.label}. ${REBUILD}`,
      }));
  },
};
