import { groupBy } from '../../group-by.js';
import { STAGES, type Stage, type Step, type ToolName, type Where } from '../step.js';
import { toolOf } from './index.js';

/** Neighbouring steps of one tool in one place, run by one invocation. */
export interface Batch {
  readonly stage: Stage;
  /** The lanes that its steps come from. */
  readonly lanes: readonly string[];
  readonly where: Where;
  readonly tool: ToolName;
  readonly steps: readonly Step[];
  /** Indexes, in the list of all batches, of those of the same stage that must have ended before. */
  readonly after: readonly number[];
}

/**
 * Group steps into batches: stage by stage, the steps of a lane in order, neighbours of one tool and
 * place together. What the lanes of a stage begin with is shared between lanes, as long as nothing
 * that may last comes before it. Run from first to last, or each as soon as those in `after` are done.
 * @param direction - `undo` goes through the stages from the last to the first
 */
export function batchesOf(steps: readonly Step[], direction: 'do' | 'undo' = 'do'): Batch[] {
  const byStage = groupBy(steps, (step) => step.stage);
  const batches: Batch[] = [];
  for (const stage of direction === 'do' ? STAGES : STAGES.toReversed())
    addStage(batches, byStage.get(stage) ?? []);
  return batches;
}

/**
 * The steps that take a plan back, in the order in which to run them: reversed, each doing its undo.
 * Give them to `batchesOf` with direction `undo`.
 */
export const undoSteps = (steps: readonly Step[]): Step[] =>
  steps.toReversed().flatMap((step) => (step.undo ? [{ ...step, do: step.undo }] : []));

/** Neighbouring steps of one lane that may share an invocation. */
interface Run {
  readonly lane: string;
  readonly tool: ToolName;
  readonly where: Where;
  /** What the tool can put together; nothing for what may last. */
  readonly group: string | undefined;
  /** Does it wait for its own lane only? */
  readonly alone: boolean;
  readonly steps: Step[];
}

function addStage(batches: Batch[], steps: readonly Step[]): void {
  let lanes = [...groupBy(steps, (step) => step.lane).values()].map(runsOf);
  const last = new Map<string, number>();
  for (let level = 0; lanes.length > 0; level++) {
    const runs = lanes.flatMap((lane) => lane[level] ?? []);
    lanes = lanes.filter((lane) => lane.length > level + 1);
    for (const shared of groupBy(runs, keyOf).values()) {
      for (const part of split(shared)) {
        const batch = batchOf(part, last);
        for (const lane of batch.lanes) last.set(lane, batches.length);
        batches.push(batch);
      }
    }
  }
}

function runsOf(steps: readonly Step[]): Run[] {
  const runs: Run[] = [];
  // What follows a step that may last waits for its own lane only.
  let lasting = false;
  for (const step of steps) {
    const tool = toolOf(step.do.tool);
    const group = tool.group(step.do);
    if (group === undefined) lasting = true;
    const run: Omit<Run, 'steps'> = {
      lane: step.lane,
      tool: step.do.tool,
      where: step.where,
      group,
      alone: lasting,
    };
    const previous = runs.at(-1);
    if (previous && goesOn(previous, run) && previous.steps.length < tool.max)
      previous.steps.push(step);
    else runs.push({ ...run, steps: [step] });
  }
  return runs;
}

/** Can the next step of a lane go out together with those before it? */
const goesOn = (previous: Run, { tool, where, group, alone }: Omit<Run, 'steps'>): boolean =>
  group !== undefined &&
  previous.group === group &&
  previous.tool === tool &&
  previous.alone === alone &&
  previous.where.host === where.host &&
  previous.where.netns === where.netns;

/** The same for what may share an invocation, of whatever lane. */
const keyOf = ({ lane, tool, where, group, alone }: Run): string =>
  [tool, where.host, where.netns, group, alone ? lane : ''].join('\n');

/** Runs that may share an invocation, in as many parts as the tool's maximum demands. */
function split(runs: readonly Run[]): Run[][] {
  const parts: Run[][] = [];
  let room = 0;
  for (const run of runs) {
    const [step] = run.steps;
    if (!step) continue;
    const part = parts.at(-1);
    if (part && run.steps.length <= room) part.push(run);
    else {
      parts.push([run]);
      room = toolOf(step.do.tool).max;
    }
    room -= run.steps.length;
  }
  return parts;
}

function batchOf(runs: readonly Run[], last: ReadonlyMap<string, number>): Batch {
  const steps = runs.flatMap((run) => run.steps);
  const [first] = steps;
  if (!first) throw new RangeError('a batch has at least one step');
  const lanes = runs.map((run) => run.lane);
  return {
    stage: first.stage,
    lanes,
    where: first.where,
    tool: first.do.tool,
    steps,
    after: [...new Set(lanes.flatMap((lane) => last.get(lane) ?? []))],
  };
}
