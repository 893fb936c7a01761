import { readLab } from '../apply/list.js';
import { modelFacts } from '../apply/model-facts.js';
import { demandNoRings } from '../plan/rings.js';
import { wire } from '../plan/wire.js';
import type { LabDefinition } from '../topology/define-lab.js';
import { asInFile } from '../topology/live.js';
import { isFile, shippedLab } from '../topology/load-labs.js';
import { loadTopology } from '../topology/load.js';
import { parseTopology, type ParsedTopology } from '../topology/parse.js';
import { moduleSource } from '../topology/source.js';
import { buildPlanned, planHere, type BuildOptions } from './build.js';
import { runningLab, type RunningLab } from './running-lab.js';

/** How `up` builds. */
export interface LabOptions extends Pick<BuildOptions, 'signal' | 'onEvent' | 'cold'> {
  /** Told of what takes long before anything is built, such as the build of a guest image: a line each. */
  readonly onProgress?: (line: string) => void;
  /** Let a guest hold the whole lab: nothing of it is on this machine. */
  readonly inGuest?: boolean;
}

/** A lab that is taken down at the end of its block: `await using lab = await up(...)`. */
export type UsedLab = RunningLab & AsyncDisposable;

/**
 * Build a lab, or change one that is up to what is wanted now, as `patchlab up` does.
 * @param wanted - a topology file, the name of a lab that comes with patchlab, or what `defineLab` gives
 * @throws TopologyError for what is wrong in it; PatchlabError with the codes that the command line prints. Nothing stays
 *   of a lab that could not be built.
 */
export async function up(
  wanted: string | LabDefinition,
  { onProgress, inGuest = false, ...options }: LabOptions = {},
): Promise<UsedLab> {
  const { lab: meant, source } = await topologyOf(wanted, inGuest);
  const lab = asInFile(meant);
  const { signal } = options;
  const planned = await planHere(lab, {
    ...{ prepare: true, source },
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  demandNoRings(lab, planned.wiring, source);
  await buildPlanned(planned, options);
  const running = runningLab(planned);
  return { ...running, [Symbol.asyncDispose]: () => running.down() };
}

/**
 * A lab that is up already, by its name.
 * @throws PatchlabError `lab/unknown`
 */
export async function labUp(name: string): Promise<RunningLab> {
  const { lab, plan } = await readLab(name);
  return runningLab({ lab, plan, wiring: wire(lab, await modelFacts(lab, {})) });
}

function topologyOf(wanted: string | LabDefinition, inGuest: boolean): Promise<ParsedTopology> {
  if (typeof wanted === 'string') {
    const file = isFile(wanted) ? wanted : (shippedLab(wanted)?.file ?? wanted);
    return loadTopology(file, { inGuest });
  }
  const parsed = { source: moduleSource(wanted.name), value: wanted, problems: [] };
  return Promise.resolve(parseTopology(parsed, { inGuest }));
}
