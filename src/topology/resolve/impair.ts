import { notAnEnd } from '../../links/ends.js';
import { impairmentFields, type WrittenImpairments } from '../impair-field.js';
import {
  impairmentProblems,
  isUnimpaired,
  joinImpairments,
  type Impairment,
  type ImpairmentKey,
} from '../impairment.js';
import { writtenLink } from '../kinds.js';
import { hasInside, type LabNode, type LinkEnd } from '../lab.js';
import { under, type Path, type Problem } from '../problem.js';
import type { LinkSpec } from '../schema.js';

/** What a link says of its ends: of all of them, and of single ones. */
interface Said {
  readonly all: Impairment;
  readonly ofEnds: Readonly<Record<string, Impairment>>;
}

function partsOf(written: NonNullable<WrittenImpairments>): Said {
  const entries = Object.entries(written);
  const isCommon = ([key]: readonly [string, unknown]): boolean => key in impairmentFields;
  return {
    all: Object.fromEntries(entries.filter(isCommon)),
    ofEnds: Object.fromEntries(entries.filter((entry) => !isCommon(entry))) as Said['ofEnds'],
  };
}

/** Give the ends of a link what its field `impair` says of each. Paths are from the link. */
export function impairEnds(
  ends: readonly LinkEnd[],
  spec: LinkSpec,
  nodeOf: (end: LinkEnd) => LabNode | undefined,
  report: (...problems: readonly Problem[]) => void,
): readonly LinkEnd[] {
  if (!spec.impair) return ends;
  const { all, ofEnds } = partsOf(spec.impair);
  const ports = writtenLink(spec.kind)
    .ends(spec as never)
    .map(({ ref }) => ({ port: ref }));
  const mentions = Object.keys(ofEnds).map((ref) => ({ ref, path: [ref] }));
  const problems: Problem[] = [...notAnEnd(ports, mentions)];
  const told = new Set<string>();
  const impaired = ends.map((end): LinkEnd => {
    const own = ofEnds[end.port.ref];
    const impair = joinImpairments(all, own ?? {});
    if (isUnimpaired(impair)) return end;
    const at: Path = own ? [end.port.ref] : [];
    const isWritten = (key: ImpairmentKey): boolean => own?.[key] !== undefined;
    for (const { key, ...problem } of impairmentProblems(impair)) {
      const path = isWritten(key) ? [end.port.ref, key] : [key];
      // What is said for all ends is wrong once.
      if (told.has(path.join('\n'))) continue;
      told.add(path.join('\n'));
      problems.push({ code: 'topology/wrong-value', path, ...problem });
    }
    const node = nodeOf(end);
    if (node && !hasInside(node)) problems.push(noAgent(end, at));
    return { ...end, impair };
  });
  report(...problems.map((problem) => under(['impair'], problem)));
  return impaired;
}

const noAgent = ({ port }: LinkEnd, path: Path): Problem => ({
  code: 'topology/no-agent',
  path,
  what: `Nothing can be done to what ${port.ref} sends: that is done inside ${port.node}, which has no agent.`,
  fix: `say what the other ends send by their names, or set \`agent: true\` on ${port.node}`,
});
