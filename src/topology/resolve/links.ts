import { chooseLink, type OpenEnd } from '../../links/kinds/auto.js';
import { askedOf, nameClasses } from '../../links/carries.js';
import type { LinkKind, WrittenLink } from '../../links/define.js';
import { linkKinds } from '../../links/index.js';
import { portHop } from '../../plan/wire.js';
import { nodeKind, writtenLink } from '../kinds.js';
import { linkIdOf, type Lab, type LabLink, type LabNode, type LinkEnd } from '../lab.js';
import { impairEnds } from './impair.js';
import { under, type Path, type Problem } from '../problem.js';
import type { LinkSpec, Topology } from '../schema.js';
import { didYouMean } from '../suggest.js';

type Report = (...problems: readonly Problem[]) => void;

/** A port at which a link is to end, with where the file says so. */
interface WrittenEnd extends Omit<OpenEnd, 'hop' | 'node'> {
  readonly node: LabNode;
  readonly path: Path;
}

/**
 * Join each link's ends to the nodes, by a way that both can.
 * @param lab - the lab so far, without links
 */
export function resolveLinks(
  topology: Topology,
  lab: Lab,
  report: Report,
): readonly LabLink<LinkSpec>[] {
  const claims = new Map<string, string>();
  const ids = new Set<string>();
  const byName = new Map(lab.nodes.map((node) => [node.name, node]));
  const nodeOf = ({ port }: LinkEnd): LabNode | undefined => byName.get(port.node);
  return topology.links.map((spec, index) => {
    const base: Path = ['links', index];
    const link = joinedBy(spec, base);
    const told: Report = (...problems) => report(...problems.map((one) => under(base, one)));
    return { ...link, ends: impairEnds(link.ends, spec, nodeOf, told) };
  });

  function joinedBy(spec: LinkSpec, base: Path): LabLink<LinkSpec> {
    const refs = writtenLink(spec.kind).ends(spec as never);
    const id = spec.name ?? linkIdOf(refs.map(({ ref }) => ref));
    // Links with the same ports are told of their ports.
    if (ids.has(id) && (spec.name !== undefined || !refs.some(({ ref }) => claims.has(ref))))
      report(sameName(id, spec, base));
    ids.add(id);
    const ends = refs.map(({ ref, path }): WrittenEnd | undefined => {
      const place = [...base, ...path];
      const before = claims.get(ref);
      if (before !== undefined) {
        report({
          code: 'topology/port-taken',
          path: place,
          what: `${ref} is already an end of ${before}.`,
        });
      }
      claims.set(ref, id);
      return findEnd(ref, place, byName, report);
    });
    const whole = ends.filter((end) => end !== undefined);
    const kind = writtenLink(spec.kind);
    if (!isBuilt(kind)) return pick(spec, id, whole, lab, base, report);
    const joined = whole.flatMap((end) => joinEnd(kind, end, report) ?? []);
    if (joined.length === ends.length) {
      const found = kind.validate?.(spec as never, joined) ?? [];
      report(...found.map((problem) => under(base, problem)));
    }
    return { id, kind: spec.kind, spec, ends: joined, cables: kind.cables(spec as never) };
  }
}

const sameName = (id: string, { name }: LinkSpec, base: Path): Problem => ({
  code: 'topology/duplicate-name',
  path: [...base, ...(name === undefined ? [] : ['name'])],
  what: `Another link is already named \`${id}\`.`,
  ...(name === undefined && {
    why: 'a link without a name is named by its first two ends',
    fix: 'give one of them a `name`',
  }),
});

/** Is it made of devices, or does it stand for another kind? */
const isBuilt = (kind: WrittenLink): kind is LinkKind => 'plan' in kind;

/** The link that carries what a spec asks for, whatever its kind. */
function pick(
  spec: LinkSpec,
  id: string,
  ends: readonly WrittenEnd[],
  lab: Lab,
  base: Path,
  report: Report,
): LabLink<LinkSpec> {
  const nothing = { id, kind: spec.kind, spec, ends: [], cables: [] };
  const [a, b] = ends.map((end): OpenEnd => ({ ...end, hop: portHop(lab, end.node, end.port) }));
  if (!a || !b) return nothing;
  const carries = askedOf(spec);
  const found = chooseLink({ id, ends: [a, b], carries, lab }, linkKinds);
  if ('id' in found) return { ...found, spec: found.spec as LinkSpec };
  report({
    code: 'topology/not-carried',
    path: [...base, ...(spec.carries === undefined ? ['kind'] : ['carries'])],
    what: `No kind of link carries ${nameClasses(carries)} between ${a.port.ref} and ${b.port.ref} both ways.`,
    why: found.map(({ kind, variant, why }) => `${kind} (${variant}): ${why}`).join(' '),
    fix: 'ask for less, or write a kind that comes closest',
  });
  return nothing;
}

function findEnd(
  ref: string,
  path: Path,
  nodes: ReadonlyMap<string, LabNode>,
  report: Report,
): WrittenEnd | undefined {
  const [nodeName = '', portName = ''] = ref.split(':');
  const node = nodes.get(nodeName);
  if (!node) {
    report({
      code: 'topology/unknown-node',
      path,
      what: `There is no node \`${nodeName}\`.`,
      fix: () => didYouMean(nodeName, [...nodes.keys()]),
    });
    return undefined;
  }
  const port = node.ports.find((candidate) => candidate.name === portName);
  const [stack] = node.stacks;
  if (!port || !stack) throw new RangeError(`${ref} was not made a port`);
  const { accepts } = nodeKind(node.kind);
  return { port, stack, node, accepts, path };
}

function joinEnd(
  { kind, offers }: LinkKind,
  { port, stack, node, accepts, path }: WrittenEnd,
  report: Report,
): LinkEnd | undefined {
  const via = offers.find((offer) => accepts.includes(offer));
  if (via) return { port, stack, via };
  const fitting = linkKinds.filter((other) =>
    other.offers.some((offer) => accepts.includes(offer)),
  );
  report({
    code: 'topology/end-not-supported',
    path,
    what: `A ${kind} link cannot end in ${node.name}, which is a ${node.kind}.`,
    why: `a ${node.kind} is reached by ${accepts.join(', ')}; a ${kind} link offers ${offers.join(', ')}`,
    fix: `use one of ${fitting.map((other) => `\`${other.kind}\``).join(', ')}`,
  });
  return undefined;
}
