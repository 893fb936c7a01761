import { readFacts } from '../../src/apply/facts.js';
import type { GuestStart } from '../../src/apply/events.js';
import { requireHost } from '../../src/apply/doctor/index.js';
import { down } from '../../src/apply/down.js';
import { up } from '../../src/apply/up.js';
import { runCommand } from '../../src/apply/command.js';
import type { PlanFacts } from '../../src/links/define.js';
import { linkHops } from '../../src/plan/link-hops.js';
import { planLab } from '../../src/plan/plan.js';
import type { Plan } from '../../src/plan/step.js';
import { wire, type Wiring } from '../../src/plan/wire.js';
import type { Lab } from '../../src/topology/lab.js';
import { loadTopology } from '../../src/topology/load.js';

/** patchlab both ways: its functions as the command line calls them, and the command line as a process. */

export const PROGRAM = new URL('../../bin/patchlab', import.meta.url).pathname;

/** Run the command line to its end, which must be a good one. @returns standard output */
export const cli = async (args: readonly string[], signal?: AbortSignal): Promise<string> =>
  (await runCommand([PROGRAM, ...args], { signal })).stdout;

export interface Planned {
  readonly lab: Lab;
  readonly facts: PlanFacts;
  readonly wiring: Wiring;
  readonly plan: Plan;
}

/** From a file to a plan for this host. */
export async function planFile(file: string, signal: AbortSignal): Promise<Planned> {
  const { lab } = await loadTopology(file);
  const facts = await readFacts(lab, { prepare: true, signal });
  const wiring = wire(lab, facts);
  return { lab, facts, wiring, plan: planLab(lab, facts, wiring) };
}

/**
 * Everything that `patchlab up` does, the reading of the file included.
 * @param start - how its guests start; one that should start warm and does not is an error
 */
export async function upFile(
  file: string,
  signal: AbortSignal,
  start: GuestStart = 'warm',
): Promise<Planned> {
  const planned = await planFile(file, signal);
  const { lab, facts, wiring, plan } = planned;
  const cold: string[] = [];
  await up(lab, plan, {
    signal,
    warm: start === 'warm' ? facts : undefined,
    onEvent(event) {
      if (event.type === 'guest' && event.start !== start) cold.push(event.why ?? event.node);
    },
    extra: { hops: linkHops(lab, wiring) },
    async beforeBuild() {
      await requireHost(plan.requirements, { signal });
    },
  });
  if (cold.length > 0) throw new Error(`${cold.length} guests did not start warm: ${cold[0]}`);
  return planned;
}

export { down };
