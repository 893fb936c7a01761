import { linkKinds } from '../../links/index.js';
import { linkKind, nodeKind } from '../kinds.js';
import type { LabLink, LabNode, LinkEnd } from '../lab.js';
import { under, type Path, type Problem } from '../problem.js';
import type { LinkSpec, Topology } from '../schema.js';
import { didYouMean } from '../suggest.js';

type Report = (...problems: readonly Problem[]) => void;

/** Join each link's ends to the nodes, by a way that both can. */
export function resolveLinks(
  topology: Topology,
  nodes: readonly LabNode[],
  report: Report,
): readonly LabLink<LinkSpec>[] {
  const claims = new Map<string, string>();
  const ids = new Set<string>();
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return topology.links.map((spec, index) => {
    const base: Path = ['links', index];
    const kind = linkKind(spec.kind);
    const id = spec.name ?? `link${index + 1}`;
    if (ids.has(id)) {
      report({
        code: 'topology/duplicate-name',
        path: [...base, ...(spec.name === undefined ? [] : ['name'])],
        what: `Another link is already named \`${id}\`.`,
      });
    }
    ids.add(id);
    const refs = kind.ends(spec as never);
    const ends = refs.map(({ ref, path }): LinkEnd | undefined => {
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
      return joinEnd(spec, ref, place, byName, report);
    });
    const whole = ends.filter((end) => end !== undefined);
    if (whole.length === ends.length) {
      const found = kind.validate?.(spec as never, whole) ?? [];
      report(...found.map((problem) => under(base, problem)));
    }
    return { id, kind: spec.kind, spec, ends: whole, cables: kind.cables(spec as never) };
  });
}

function joinEnd(
  spec: LinkSpec,
  ref: string,
  path: Path,
  nodes: ReadonlyMap<string, LabNode>,
  report: Report,
): LinkEnd | undefined {
  const [nodeName = '', portName = ''] = ref.split(':');
  const node = nodes.get(nodeName);
  if (!node) {
    report({
      code: 'topology/unknown-node',
      path,
      what: `There is no node \`${nodeName}\`.`,
      fix: didYouMean(nodeName, [...nodes.keys()]),
    });
    return undefined;
  }
  const { accepts } = nodeKind(node.kind);
  const via = linkKind(spec.kind).offers.find((offer) => accepts.includes(offer));
  const port = node.ports.find((candidate) => candidate.name === portName);
  const [stack] = node.stacks;
  if (!port || !stack) throw new RangeError(`${ref} was not made a port`);
  if (via) return { port, stack, via };
  const fitting = linkKinds.filter(({ offers }) => offers.some((offer) => accepts.includes(offer)));
  report({
    code: 'topology/end-not-supported',
    path,
    what: `A ${spec.kind} link cannot end in ${nodeName}, which is a ${node.kind}.`,
    why: `a ${node.kind} is reached by ${accepts.join(', ')}; a ${spec.kind} link offers ${linkKind(spec.kind).offers.join(', ')}`,
    fix: `use one of ${fitting.map((kind) => `\`${kind.kind}\``).join(', ')}`,
  });
  return undefined;
}
