import { nameOf } from './adjacency.js';
import { REBUILD, type FindingKind } from './define.js';

/** LLDP from a port that the topology has elsewhere, instead of the one that it has here. */
export const crossedCable: FindingKind = {
  kind: 'crossed-cable',
  doc: 'A port hears over LLDP another port than the one that its cable leads to, and not that one: cables are swapped or crossed.',
  find({ heard, adjacency }) {
    const strange = heard.filter(
      (one) =>
        adjacency.relationOf(one) === 'unexpected' &&
        heard.every(
          ({ at, ...other }) =>
            at.id !== one.at.id || adjacency.relationOf({ at, ...other }) !== 'declared',
        ),
    );
    const told = new Set<string>();
    return strange.flatMap((one) => {
      const where = [one.at.label, nameOf(adjacency, one)];
      const pair = [...where].sort().join('\0');
      if (told.has(pair)) return [];
      told.add(pair);
      const expected = adjacency.declaredAt(one.at).map(({ label }) => label);
      return [
        {
          severity: 'error' as const,
          where,
          what: `${where[0]} hears ${where[1]}, which is not at its cable.`,
          why: `The topology has ${expected.join(', ') || 'nobody'} at the other end of ${one.at.label}.`,
          fix: `Look where the cable of ${one.at.label} really ends: it is swapped with another. ${REBUILD}`,
        },
      ];
    });
  },
};
