import { requireHost } from '../apply/doctor/index.js';
import { down } from '../apply/down.js';
import { readFacts } from '../apply/facts.js';
import type { OnEvent } from '../apply/events.js';
import { isHeld } from '../apply/rootless/folders.js';
import { withHosts } from '../apply/session.js';
import { up } from '../apply/up.js';
import type { FrameClass } from '../frames/classes.js';
import { linkHops } from '../plan/link-hops.js';
import { planLab } from '../plan/plan.js';
import { wire, type Wiring } from '../plan/wire.js';
import { prepareChecks } from '../probes/prepare.js';
import { parseTopology } from '../topology/parse.js';
import { parseYaml } from '../topology/source.js';
import type { Lab } from '../topology/lab.js';
import type { Plan } from '../plan/step.js';
import { testified, type AskKernel } from '../verify/kernel/testify.js';
import { withJoins } from '../verify/run/joins.js';
import { judge } from '../verify/judge/judge.js';
import { observe } from '../verify/run/observe.js';
import { cellOf, type Matrix, type MatrixCell } from './result.js';
import { settle } from './settle.js';
import { scratchLab, type Cell } from './scratch.js';
import { only, variantsOf } from './variants.js';

export interface MeasureOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: OnEvent | undefined;
  /** Only these settings; all when left out. */
  readonly settings?: readonly string[] | undefined;
  readonly kernel?: AskKernel | undefined;
  /** A line about how far it is. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/**
 * Build a scratch lab with every setting of a link kind, send a frame of each class both ways under each, and hold what
 * was seen against the model. The lab is taken down again whatever happens.
 * @throws PatchlabError `link/unknown`, and the errors of building a lab
 */
export async function measure(
  kind: string,
  classes: readonly FrameClass[],
  options: MeasureOptions = {},
): Promise<Matrix> {
  const begin = performance.now();
  const { signal, onEvent, onProgress } = options;
  const all = variantsOf(kind);
  const set = options.settings ? only(all, options.settings) : all;
  const { definition, cells } = scratchLab(set, classes);
  const { lab } = parseTopology(parseYaml(`matrix ${kind}`, JSON.stringify(definition)), {
    rootless: isHeld(),
  });
  const facts = await readFacts(lab, {
    prepare: true,
    ...(signal && { signal }),
    onProgress: (line) => onProgress?.(line),
  });
  const wiring = wire(lab, facts);
  const plan = planLab(lab, facts, wiring);
  await up(lab, plan, {
    signal,
    onEvent,
    extra: { hops: linkHops(lab, wiring) },
    async beforeBuild() {
      await requireHost(plan.requirements, signal ? { signal } : {});
    },
  });
  try {
    onProgress?.(`${cells.length} frames under ${set.variants.length} settings`);
    const seen = await look(lab, wiring, plan, cells, options);
    const ms = Math.round(performance.now() - begin);
    return { kind, ends: set.nodes, variants: set.variants, classes, cells: seen, ms };
  } finally {
    await down(lab.name, { onEvent });
  }
}

async function look(
  lab: Lab,
  wiring: Wiring,
  plan: Plan,
  cells: readonly Cell[],
  { signal, kernel }: Pick<MeasureOptions, 'signal' | 'kernel'>,
): Promise<readonly MatrixCell[]> {
  const { checks } = prepareChecks(lab, wiring.model);
  const { verdicts } = await withHosts(plan, async (hosts) => {
    await settle(wiring, lab, hosts, signal);
    return testified(kernel, checks, hosts, async () => {
      const evidence = await withJoins(checks, hosts, () => observe(checks, hosts, { signal }));
      const verdicts = evidence.observations.flatMap((observation, index) => {
        const check = checks[index];
        return check ? [judge(check, observation)] : [];
      });
      return { evidence, verdicts };
    });
  });
  return checks.flatMap((check, index) => {
    const cell = cells[index];
    return cell ? [cellOf(cell, check, verdicts[index])] : [];
  });
}
