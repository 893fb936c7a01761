import { describeTags, sameTags } from '../../frames/frame.js';
import { groupBy } from '../../group-by.js';
import type { Model } from '../../hops/emit.js';
import { nodesOf, walk } from '../../hops/walk.js';
import { THIS_HOST } from '../../topology/lab.js';
import type { Elsewhere } from '../capture/elsewhere.js';
import { REBUILD, type FindingKind } from './define.js';

/** Frames that were heard where the model lets them go by no way at all. */

/** MACs that several stacks of the lab have: what comes from one of them may be from each. */
function sharedMacs({ graph }: Model): ReadonlySet<string> {
  const hops = [...graph.hops.values()].filter(({ stack }) => stack !== THIS_HOST);
  const byMac = groupBy(hops, ({ settings }) => settings.mac ?? '');
  const shared = [...byMac].filter(([, same]) => new Set(same.map(({ stack }) => stack)).size > 1);
  return new Set(shared.map(([mac]) => mac));
}

/** Was it seen where the model cannot have brought it, with the tags that it had, whatever devices have learnt? */
function isAstray(model: Model, { leg, hop, frame }: Elsewhere): boolean {
  if (!model.graph.hops.has(leg.from.id)) return true;
  // Who has joined a group is not known of everybody.
  const root = walk(model, leg.from, { ...leg.frame, joined: true });
  return !nodesOf(root).some((node) => node.hop.id === hop.id && sameTags(node.frame, frame));
}

/** All that leaked, each frame once at each hop. */
export function straysIn(model: Model, all: readonly Elsewhere[]): readonly Elsewhere[] {
  const shared = sharedMacs(model);
  return all.filter((one) => !shared.has(one.leg.frame.src) && isAstray(model, one));
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
