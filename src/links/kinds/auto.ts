import { z } from 'zod';
import { notCarried, type LinkLoss } from '../../hops/carrying.js';
import { fateOf } from '../../hops/hearing.js';
import type { FrameClass } from '../../frames/classes.js';
import type { Hop } from '../../hops/types.js';
import { twoPorts } from '../../topology/fields.js';
import type { Lab, LabLink, LinkEnd, PassedOver, Port, Stack, Via } from '../../topology/lab.js';
import { nameClasses } from '../carries.js';
import { ANY_FACTS, type LinkKind, type WrittenLink } from '../define.js';
import { pairEnds } from '../ends.js';

const schema = z.strictObject({
  kind: z.literal('auto'),
  ends: twoPorts.describe('The two ports that the cable joins'),
});

/** Stands for the cheapest kind that carries what the link must carry; it is that kind in everything that follows. */
export const auto: WrittenLink<typeof schema> = {
  kind: 'auto',
  title: 'the cheapest cable that carries what must cross it',
  doc: `Takes \`carries\` and becomes the first kind, with the first settings, that can reach both ends and that the model says
carries all of these classes both ways. The kinds are tried from the cheapest: veth, macvtap, udp, ovs-panel, bridge.
\`patchlab plan\` and \`patchlab predict\` tell what was taken, and why the cheaper ones were not.`,
  example: `name: picked
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: auto, carries: [lldp, lacp], ends: [a:eth1, b:eth1] }
`,
  schema,
  ends: (spec) => pairEnds(spec.ends),
};

/** A port for which a link is looked for. */
export interface OpenEnd {
  readonly port: Port;
  readonly stack: Stack;
  readonly hop: Hop;
  readonly node: { readonly name: string; readonly kind: string };
  /** How the node can be reached. */
  readonly accepts: readonly Via[];
}

/** What a cable is looked for. */
export interface Wanted {
  readonly id: string;
  readonly ends: readonly [OpenEnd, OpenEnd];
  readonly carries: readonly FrameClass[];
  /** The lab, as far as names are derived from it. */
  readonly lab: Lab;
}

/**
 * The cheapest kind and settings that carry what is wanted, as a link with its choice told. Pure.
 * @returns what was tried, and why it would not do, where nothing fits
 */
export function chooseLink(
  wanted: Wanted,
  kinds: readonly LinkKind[],
): LabLink | readonly PassedOver[] {
  const { carries } = wanted;
  const passedOver: PassedOver[] = [];
  const byCost = kinds.flatMap((kind) => (kind.auto ? [{ kind, ...kind.auto }] : []));
  for (const { kind, tries } of byCost.sort((a, b) => a.cost - b.cost)) {
    for (const variant of tries) {
      const settings = settingsOf(kind, variant);
      const link = tryOut(wanted, kind, settings);
      if (typeof link !== 'string')
        return { ...link, choice: { carries, kind: kind.kind, variant, settings, passedOver } };
      const known = passedOver.some((other) => other.kind === kind.kind && other.why === link);
      if (!known) passedOver.push({ kind: kind.kind, variant, why: link });
    }
  }
  return passedOver;
}

/** The fields of one of the variants that `auto` tries. */
export const settingsOf = ({ variants }: LinkKind, variant: string): object =>
  variants?.settings?.[variant] ?? {};

/** The link of a kind, or why it would not do. */
function tryOut(wanted: Wanted, kind: LinkKind, settings: object): LabLink | string {
  const [a, b] = wanted.ends;
  const ends = wanted.ends.flatMap(({ port, stack, accepts }): LinkEnd[] => {
    const via = kind.offers.find((offer) => accepts.includes(offer));
    return via ? [{ port, stack, via }] : [];
  });
  const closed = wanted.ends.find(({ port }) => ends.every((end) => end.port.ref !== port.ref));
  if (closed) return `It cannot end in ${closed.node.name}, which is a ${closed.node.kind}.`;
  const refs = kind.variants?.between?.(a.port.ref, b.port.ref) ?? {
    ends: [a.port.ref, b.port.ref],
  };
  const spec = kind.schema.parse({ kind: kind.kind, ...refs, ...settings });
  const [problem] = kind.validate?.(spec, ends) ?? [];
  if (problem) return problem.what;
  const link = { id: wanted.id, kind: kind.kind, spec, ends, cables: kind.cables(spec) };
  const { hops } = kind.plan(link, wanted.lab, ANY_FACTS);
  const losses = notCarried(
    hops,
    wanted.ends.map(({ hop }) => hop),
    link.cables,
    wanted.carries,
  );
  return losses.length === 0 ? link : sayLosses(losses);
}

/** What is lost, where the first dies, and why. */
function sayLosses(losses: readonly LinkLoss[]): string {
  const [first] = losses;
  if (!first) return 'Nothing is lost.';
  const classes = [...new Set(losses.map((loss) => loss.class))];
  const way = `${first.class} from ${first.from} to ${first.to}`;
  const many = classes.length === 1 ? '' : `It does not carry ${nameClasses(classes)}. `;
  return `${many}${way} ${fateOf(first)} at ${first.at.label}: ${first.reason}`;
}
