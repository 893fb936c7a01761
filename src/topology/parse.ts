import { ANY_FACTS } from '../links/define.js';
import { wire } from '../plan/wire.js';
import { prepareChecks } from '../probes/prepare.js';
import { carriesProblems } from './carries.js';
import { problemsOf } from './issues.js';
import type { Lab } from './lab.js';
import type { Problem } from './problem.js';
import { resolveTopology } from './resolve.js';
import { topologySchema, type Topology } from './schema.js';
import type { ParsedSource, Source } from './source.js';
import { TopologyError } from './topology-error.js';

/** A topology that holds, with the lab that it describes. */
export interface ParsedTopology {
  readonly topology: Topology;
  readonly lab: Lab;
  readonly source: Source;
}

/**
 * From text to lab, in four steps that each report all that is wrong: syntax, shape, sense, checks.
 * @throws TopologyError
 */
export function parseTopology({ source, value, problems }: ParsedSource): ParsedTopology {
  if (problems.length > 0) throw new TopologyError(source, problems);
  const shaped = topologySchema.safeParse(value);
  if (!shaped.success) {
    throw new TopologyError(source, problemsOf(shaped.error, value, topologySchema));
  }
  const topology = shaped.data as unknown as Topology;
  const resolved = resolveTopology(topology);
  if (resolved.problems.length > 0) throw new TopologyError(source, resolved.problems);
  const { lab } = resolved;
  const unready = hasWishes(topology) ? unmet(lab) : [];
  if (unready.length > 0) throw new TopologyError(source, unready);
  return { topology, lab, source };
}

/** Is there anything that the wiring could belie? The checks that patchlab chooses by itself, from the cables that there are, hold. */
const hasWishes = ({ verify, links }: Topology): boolean =>
  verify !== undefined || links.some(({ carries }) => carries !== undefined);

function unmet(lab: Lab): readonly Problem[] {
  const wiring = wire(lab, ANY_FACTS);
  return [...carriesProblems(lab, wiring), ...prepareChecks(lab, wiring.model).problems];
}
