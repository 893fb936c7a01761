import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asBuilt, asInFile } from '../../../src/topology/live.js';
import { patchesAfter, patchesIn, repatched, type Patches } from '../../../src/topology/patch.js';
import { labOf } from '../../support/lab-of.js';

const PORTS = ['a', 'b', 'c', 'd', 'e', 'f'].map((node) => `${node}:eth1`);
const lab = labOf({
  name: 'panel',
  nodes: Object.fromEntries(PORTS.map((ref) => [ref.charAt(0), { kind: 'netns' as const }])),
  links: [
    {
      ...{ kind: 'ovs-panel' as const, name: 'rack' },
      patches: [
        ['a:eth1', 'b:eth1'],
        ['c:eth1', 'd:eth1'],
        ['e:eth1', 'f:eth1'],
      ],
    },
  ],
});

const rackOf = ({ links: [rack] }: typeof lab) => {
  if (!rack) throw new RangeError('the lab has a panel');
  return rack;
};

/** Two ports that are patched together, or one that is left open. */
const moves = fc.array(
  fc.tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS)).map(([a, b]) => [a, b] as const),
  { maxLength: 8 },
);

const afterAll = (patches: Patches, all: Patches): Patches =>
  all.reduce(
    (now, [a, b]) => (a === b ? patchesAfter(now, [], [a]) : patchesAfter(now, [[a, b]])),
    patches,
  );

it('has one patch at most at each port, the last one made among them, however patches are moved', () => {
  fc.assert(
    fc.property(moves, (all) => {
      const patches = afterAll(patchesIn(rackOf(lab)), all);
      const ports = patches.flat();
      expect(new Set(ports).size).toBe(ports.length);
      const last = all.at(-1);
      if (last && last[0] !== last[1]) expect(patches).toContainEqual(last);
    }),
  );
});

it('goes back to what the file says, and onto the file what was moved', () => {
  fc.assert(
    fc.property(moves, (all) => {
      const patches = afterAll(patchesIn(rackOf(lab)), all);
      const moved = repatched(lab, () => patches);
      const sorted = (some: Patches) => some.map((pair) => [...pair].sort().join(' ')).sort();
      expect(sorted(patchesIn(rackOf(moved)))).toEqual(sorted(patches));
      expect(asInFile(moved)).toEqual(lab);
      expect(asBuilt(lab, moved)).toEqual(moved);
      // Moved back by hand it is the file's as well, with nothing to tell.
      expect(repatched(moved, () => patchesIn(rackOf(lab)))).toEqual(lab);
    }),
  );
});
