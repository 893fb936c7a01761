import { hopId } from '../hops/graph.js';
import { notCarried, type LinkLoss } from '../hops/carrying.js';
import { fateOf } from '../hops/hearing.js';
import type { Hop } from '../hops/types.js';
import { chooseLink, settingsOf, type OpenEnd } from '../links/kinds/auto.js';
import { askedOf, classesOf, type CarriesItem } from '../links/carries.js';
import { ANY_FACTS } from '../links/define.js';
import { linkKinds } from '../links/index.js';
import type { Wiring } from '../plan/wire.js';
import { linkKind, nodeKind } from './kinds.js';
import type { Lab, LabLink, LinkEnd } from './lab.js';
import type { Problem } from './problem.js';
import { commonLinkFields, type LinkSpec } from './schema.js';

/** A lab in which links are looked for and looked at. */
interface Place {
  readonly lab: Lab;
  readonly wiring: Wiring;
  readonly link: LabLink<LinkSpec>;
  readonly ports: readonly Hop[];
}

/** What links must carry and do not, as the model has it, each at its item of `carries`. Pure. */
export function carriesProblems(lab: Lab, wiring: Wiring): readonly Problem[] {
  return wiring.links.flatMap(({ link, plan }, index): readonly Problem[] => {
    const spec = link.spec as LinkSpec;
    const { carries = [] } = spec;
    // What `auto` has chosen, it has chosen because it carries them.
    if (carries.length === 0 || link.choice) return [];
    const ports = link.ends.flatMap((end) => wiring.graph.hops.get(hopOf(end)) ?? []);
    const losses = notCarried(plan.hops, ports, link.cables, askedOf(spec));
    if (losses.length === 0) return [];
    const fix = wayOut({ lab, wiring, link: { ...link, spec }, ports }) ?? losses[0]?.remedy;
    return carries.flatMap((item, at) => {
      const own = losses.filter((loss) => classesOf(item).includes(loss.class));
      const path = ['links', index, 'carries', at];
      return own[0] ? [{ ...problemOf(link, item, own[0], own), path, ...(fix && { fix }) }] : [];
    });
  });
}

const hopOf = ({ stack, port }: LinkEnd): string => hopId(stack.id, port.name);

function problemOf(
  link: LabLink,
  item: CarriesItem,
  first: LinkLoss,
  losses: readonly LinkLoss[],
): Omit<Problem, 'path'> {
  const classes = [...new Set(losses.map((loss) => loss.class))];
  const what = item === 'all' ? `all: ${classes.join(', ')} are lost` : item;
  const back = losses.some(({ from, to }) => from === first.to && to === first.from);
  const ways = new Set(losses.map(({ from, to }) => `${from} ${to}`)).size - (back ? 2 : 1);
  return {
    code: 'topology/not-carried',
    what: `${link.id}, a ${link.kind} link, does not carry ${what}. From ${first.from} to ${first.to}${back ? ' and back' : ''}${ways > 0 ? ` (and ${ways} more ways)` : ''} ${first.class} ${fateOf(first)} at ${first.at.label}.`,
    why: first.reason,
  };
}

/** Settings of its kind, or another kind, that would carry all that the link must carry. */
function wayOut(place: Place): string | undefined {
  const settings = settingsFor(place);
  if (settings) {
    const fields = Object.entries(settings).map(([key, value]) => `${key}: ${written(key, value)}`);
    return `add \`${fields.join(', ')}\` to the link`;
  }
  const { link, lab, ports } = place;
  const [a, b, more] = link.ends.map((end, index) => openEnd(lab, end, ports[index]));
  if (!a || !b || more) return undefined;
  const found = chooseLink(
    { id: link.id, ends: [a, b], carries: askedOf(link.spec), lab },
    linkKinds,
  );
  if (!('id' in found) || found.kind === link.kind) return undefined;
  return `write \`kind: ${found.kind}\`, which carries all of it between these ports, or \`kind: auto\``;
}

/** A mask is read and written in hexadecimal. */
const written = (key: string, value: unknown): string =>
  key.includes('mask') && typeof value === 'number' ? `0x${value.toString(16)}` : String(value);

function settingsFor({ link, lab, ports }: Place): object | undefined {
  const fields = Object.entries(link.spec).filter(([key]) => !(key in commonLinkFields));
  const own = Object.fromEntries(fields);
  const kind = linkKind(link.kind);
  const tries = (kind.auto?.tries ?? []).map((variant) => settingsOf(kind, variant));
  return tries.find((settings) => {
    const spec = kind.schema.safeParse({ ...own, ...settings });
    if (!spec.success || kind.validate?.(spec.data, link.ends).length) return false;
    const { hops } = kind.plan({ ...link, spec: spec.data }, lab, ANY_FACTS);
    return notCarried(hops, ports, link.cables, askedOf(link.spec)).length === 0;
  });
}

/** The port of a link as a place where another link could end. */
function openEnd(lab: Lab, { port, stack }: LinkEnd, hop: Hop | undefined): OpenEnd | undefined {
  const node = lab.nodes.find(({ name }) => name === port.node);
  return node && hop && { port, stack, hop, node, accepts: nodeKind(node.kind).accepts };
}
