import { statSync } from 'node:fs';
import { groupBy } from '../group-by.js';
import { PatchlabError } from '../errors.js';
import {
  containerKey,
  containerNamed,
  LAB_LABEL,
  type ContainerName,
} from '../containers/commands.js';
import { containerEngine } from '../containers/index.js';
import type { ContainerEngine } from '../containers/define.js';
import type { Answers } from '../plan/resources/look.js';
import { tryCommand, type CommandResult } from './command.js';

/** What engines tell of containers. They run on this machine alone. */

/** A container that is there. */
export interface ContainerEntry extends ContainerName {
  /** Value of the label `patchlab.lab`; empty where it has none. */
  readonly lab: string;
  readonly runs: boolean;
  /** Id of its first process; 0 where it does not run. */
  readonly pid: number;
}

/** Milliseconds for a question. */
const TIMEOUT = 20_000;

/** A line for each: its name last but one, as it may not hold what a label may. */
const FORMAT = `{{.State.Running}}\t{{.State.Pid}}\t{{.Name}}\t{{json (index .Config.Labels "${LAB_LABEL}")}}`;

/** Ask an engine; nothing where it does not answer, or is not there. */
async function ask(argv: readonly string[]): Promise<CommandResult | undefined> {
  try {
    return await tryCommand(argv, { timeout: TIMEOUT });
  } catch (error) {
    if (error instanceof PatchlabError) return undefined;
    throw error;
  }
}

function entryOf(engine: string, line: string): readonly ContainerEntry[] {
  const [running, pid, name = '', label = '""'] = line.split('\t');
  if (running === undefined || pid === undefined) return [];
  const lab: unknown = JSON.parse(label);
  return [
    {
      ...{ engine, name: name.replace(/^\//, ''), lab: typeof lab === 'string' ? lab : '' },
      ...{ runs: running === 'true', pid: Number(pid) },
    },
  ];
}

/** Those of some names or ids that are there; nothing where the engine does not answer. */
async function inspect(
  { name: engine, answers }: ContainerEngine,
  names: readonly string[],
): Promise<readonly ContainerEntry[] | undefined> {
  if (names.length === 0) return [];
  const said = await ask([engine, 'container', 'inspect', '--format', FORMAT, ...names]);
  if (!said) return undefined;
  // It fails where one of them is not there, and where nobody answers.
  if (said.exitCode !== 0 && (await ask(answers))?.exitCode !== 0) return undefined;
  return said.stdout.split('\n').flatMap((line) => entryOf(engine, line));
}

/**
 * Read containers by their keys, `docker/LAB.NODE`.
 * @returns an engine by its title where one does not answer
 */
async function readContainers(
  keys: readonly string[],
): Promise<ReadonlyMap<string, ContainerEntry> | { readonly silent: string }> {
  const byEngine = groupBy(keys.map(containerNamed), ({ engine }) => engine);
  const all = await Promise.all(
    [...byEngine].map(async ([name, containers]) => {
      const engine = containerEngine(name);
      const found = await inspect(
        engine,
        containers.map((one) => one.name),
      );
      return found ?? { silent: engine.title };
    }),
  );
  const asked = new Set(keys);
  const there = new Map<string, ContainerEntry>();
  for (const found of all) {
    if ('silent' in found) return found;
    for (const one of found) if (asked.has(containerKey(one))) there.set(containerKey(one), one);
  }
  return there;
}

/** The labs of containers by their keys; nothing where an engine does not answer. */
export async function labsOfContainers(
  keys: readonly string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const found = await readContainers(keys);
  if ('silent' in found) return undefined;
  return new Map([...found].map(([key, { lab }]) => [key, lab] as const));
}

/** All containers that carry the mark of a lab, or of any. Nobody is asked whose engine was not used since the machine started. */
export async function markedContainers(
  engine: ContainerEngine,
  lab: string | undefined,
): Promise<readonly ContainerEntry[]> {
  if (!statSync(engine.trace, { throwIfNoEntry: false })) return [];
  const filter = lab === undefined ? LAB_LABEL : `${LAB_LABEL}=${lab}`;
  const said = await ask([
    ...[engine.name, 'ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${filter}`],
  ]);
  const ids = said?.exitCode === 0 ? said.stdout.split('\n').filter((id) => id !== '') : [];
  return ((await inspect(engine, ids)) ?? []).filter((one) => one.lab !== '');
}

/** What of containers the resources of a lab are read back from; a sentence where an engine does not answer. */
export async function lookAtContainers(
  keys: readonly string[],
): Promise<Answers['containers'] | string> {
  const found = await readContainers(keys);
  if ('silent' in found) return `${found.silent} does not answer`;
  return Object.fromEntries(
    [...found].map(([key, one]) => [key, { runs: one.runs, isAttached: isAttached(one) }] as const),
  );
}

/** Is the network namespace that has the container's name the one that its first process is in? */
function isAttached({ name, pid }: ContainerEntry): boolean {
  const idOf = (path: string): string | undefined => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat && `${stat.dev}:${stat.ino}`;
  };
  const named = idOf(`/run/netns/${name}`);
  return pid !== 0 && named !== undefined && named === idOf(`/proc/${pid}/ns/net`);
}
