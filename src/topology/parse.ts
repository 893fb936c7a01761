import { ANY_FACTS } from '../links/define.js';
import { wire } from '../plan/wire.js';
import { checkProblems } from '../probes/prepare.js';
import { carriesProblems } from './carries.js';
import { downRouteProblems } from './down-routes.js';
import { problemsOf } from './issues.js';
import { show } from './issues/words.js';
import type { Lab } from './lab.js';
import type { Problem } from './problem.js';
import { resolveTopology, type ResolveOptions } from './resolve.js';
import { duplicateProblems, sharedIn, type Shared } from './resolve/unique.js';
import { topologySchema, type Topology } from './schema.js';
import { textProblems } from './texts.js';
import type { ParsedSource, Source } from './source.js';
import { TopologyError, type Located } from './topology-error.js';
import { warningsOf } from './warnings.js';

/** A topology that holds, with the lab that it describes. */
export interface ParsedTopology {
  readonly topology: Topology;
  readonly lab: Lab;
  readonly source: Source;
  /** What holds, and is mostly a slip. */
  readonly warnings: readonly Located[];
}

/**
 * From text to lab, in four steps that each report all that is wrong: syntax, shape, sense, checks.
 * @throws TopologyError
 */
export function parseTopology(
  { source, value, problems }: ParsedSource,
  options: ResolveOptions = {},
): ParsedTopology {
  if (problems.length > 0) throw new TopologyError(source, problems);
  const early = value === null || !isMapping(value) ? [notATopology(value)] : textProblems(value);
  if (early.length > 0) throw new TopologyError(source, early);
  const shaped = topologySchema.safeParse(value);
  if (!shaped.success) {
    throw new TopologyError(source, problemsOf(shaped.error, value, topologySchema));
  }
  const topology = shaped.data as unknown as Topology;
  const resolved = resolveTopology(topology, options);
  if (resolved.problems.length > 0) throw new TopologyError(source, resolved.problems);
  const { lab } = resolved;
  const shared = sharedIn(lab);
  const wired = hasWishes(topology) || shared.macs.length > 0 || shared.addresses.length > 0;
  const unready = wired ? unmet(lab, shared) : [];
  if (unready.length > 0) throw new TopologyError(source, unready);
  const warnings = warningsOf(topology, lab).map((warning) => ({
    position: source.locate(warning),
    ...warning,
  }));
  return { topology, lab, source, warnings };
}

const isMapping = (value: unknown): boolean => typeof value === 'object' && !Array.isArray(value);

/** What holds nothing, or something else. */
const notATopology = (value: unknown): Problem => ({
  code: 'topology/empty',
  path: [],
  what:
    value === null || value === undefined
      ? 'The file is empty.'
      : `A topology is a mapping of keys to values, and this is ${show(value)}.`,
  ...(typeof value === 'string' && {
    fix: 'write `key: value`, with a space after the colon, and begin with `name:`',
  }),
});

/** Is there anything that the wiring could belie? The checks that patchlab chooses by itself, from the cables that there are, hold. */
const hasWishes = ({ verify, links }: Topology): boolean =>
  verify !== undefined || links.some((link) => link.carries !== undefined || hasDown(link));

/** Does a link leave one of its ports down? */
const hasDown = (link: object): boolean =>
  'down' in link && Array.isArray(link.down) && link.down.length > 0;

function unmet(lab: Lab, shared: Shared): readonly Problem[] {
  const wiring = wire(lab, ANY_FACTS);
  return [
    ...duplicateProblems(shared, wiring.model),
    ...carriesProblems(lab, wiring),
    ...downRouteProblems(lab, wiring),
    ...checkProblems(lab, wiring.model),
  ];
}
