import { describeTags, sameTags } from '../../frames/frame.js';
import { groupBy } from '../../group-by.js';
import type { Model } from '../../hops/emit.js';
import { nodesOf, walk, type WalkNode } from '../../hops/walk.js';
import type { Leg } from '../../probes/define.js';
import type { Elsewhere } from '../capture/elsewhere.js';
import { REBUILD, type FindingKind } from './define.js';

/** Frames that were heard where the model lets them go by no way at all. */

/** Everywhere that the model lets a frame come to, by hop, whatever devices have learnt. */
function reachOf(model: Model, { from, frame }: Leg): ReadonlyMap<string, WalkNode[]> {
  if (!model.graph.hops.has(from.id)) return new Map();
  // Who has joined a group is not known of everybody.
  const root = walk(model, from, { ...frame, joined: true });
  return groupBy(nodesOf(root), ({ hop }) => hop.id);
}

/**
 * All that leaked: what was seen where the model cannot have brought it, with the tags that it had. What comes from a MAC
 * that several stacks have may be from each, and tells nothing.
 */
export function straysIn(
  model: Model,
  all: readonly Elsewhere[],
  stacks: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Elsewhere[] {
  const isOneStacks = ({ leg }: Elsewhere): boolean => (stacks.get(leg.frame.src)?.size ?? 0) < 2;
  const reached = new Map<Leg, ReturnType<typeof reachOf>>();
  return all.filter(isOneStacks).filter(({ leg, hop, frame }) => {
    const reach = reached.get(leg) ?? reachOf(model, leg);
    reached.set(leg, reach);
    return !(reach.get(hop.id) ?? []).some((node) => sameTags(node.frame, frame));
  });
}

/** A frame of a check at a hop to which no way of the topology leads it. */
export const leak: FindingKind = {
  kind: 'leak',
  doc: 'A frame of a check was seen at a device to which the model lets it go by no way, or with other tags than there: something else joins the two, or a VLAN leaks.',
  find({ strays, heard, adjacency }) {
    // What LLDP tells of a wrong cable needs no second telling.
    const isToldOf = ({ leg, hop }: Elsewhere): boolean =>
      heard.some(
        (one) =>
          one.at.id === hop.id &&
          adjacency.deviceOf(one)?.id === leg.from.id &&
          adjacency.relationOf(one) === 'unexpected',
      );
    const open = strays.filter((one) => !isToldOf(one));
    const pairs = groupBy(open, ({ leg, hop }) => `${leg.from.id}\0${hop.id}`);
    return [...pairs.values()].flatMap((same) => {
      const [first] = same;
      if (!first) return [];
      const { leg, hop, frame } = first;
      const names = [...new Set(same.map((one) => one.leg.name))];
      return [
        {
          severity: 'error' as const,
          where: [leg.from.label, hop.label],
          what: `${hop.label} saw what ${leg.from.label} sent (${names.join(', ')}), with ${describeTags(frame)}.`,
          why: `By the topology no way leads such a frame there: it belongs on the way to ${leg.to.label}.`,
          fix: `Look for a cable, a bridge, a flow or a VLAN of a port that the file does not have between ${leg.from.label} and ${hop.label}. ${REBUILD}`,
        },
      ];
    });
  },
};
