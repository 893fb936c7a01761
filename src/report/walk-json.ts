import type { z } from 'zod';
import type { Chance, WalkEnd, WalkNode } from '../hops/walk.js';
import { frameText } from './terminal/frame-text.js';
import type { ToldWalks } from './terminal/walk.js';
import type { predictedWalk } from './schemas/walks.js';

/** Predicted frames as data, with all their branches. */

const causeOf = ({ reason, remedy, source }: Omit<Chance, 'probability'>) => ({
  ...{ reason, remedy, source },
});

const chanceOf = (chance: Chance | undefined) =>
  chance ? { probability: chance.probability ?? null, ...causeOf(chance) } : null;

const endJson = (end: WalkEnd) => ({
  end: end.end,
  to: 'to' in end ? (end.to?.label ?? null) : null,
  cause: end.end === 'drop' ? causeOf(end.cause) : null,
  chance: 'chance' in end ? chanceOf(end.chance) : null,
});

type NodeJson = z.output<typeof predictedWalk>['tree'];

const nodeJson = ({ hop, frame, chance, children, ends }: WalkNode): NodeJson => ({
  ...{ label: hop.label, kind: hop.kind, stack: hop.stack, device: hop.device },
  frame: {
    ...{ src: frame.src, dst: frame.dst, etherType: frame.etherType ?? null },
    vlans: frame.vlans.map(({ id }) => id),
    text: frameText(frame),
  },
  chance: chanceOf(chance),
  ends: ends.map(endJson),
  children: children.map(nodeJson),
});

/** What `predict --json` says of each frame that is sent. @param isOpen - no other end was named */
export const walksJson = ({
  walks,
  isOpen,
}: Pick<ToldWalks, 'walks' | 'isOpen'>): readonly z.output<typeof predictedWalk>[] =>
  walks.map(({ leg, root }) => {
    const { name, path, prediction } = leg;
    const place = prediction.outcome === 'pass' ? undefined : path[prediction.at]?.label;
    return {
      ...{ name, class: leg.class, from: leg.from.label },
      to: isOpen ? null : leg.to.label,
      way: isOpen ? null : path.map(({ label }) => label),
      outcome: isOpen ? null : prediction.outcome,
      at: isOpen ? null : (place ?? null),
      tree: nodeJson(root),
    };
  });
