import { groupBy } from '../../group-by.js';
import { NOWHERE, STAGES, type Stage, type Step, type ToolName, type Where } from '../step.js';
import { toolOf } from './index.js';
import { hostNameOf } from '../../where.js';

/** Neighbouring steps of one tool in one place, run by one invocation. */
export interface Batch {
  readonly stage: Stage;
  /** The lanes that its steps come from. */
  readonly lanes: readonly string[];
  readonly where: Where;
  readonly tool: ToolName;
  readonly steps: readonly Step[];
  /** Indexes, in the list of all batches, of those that must have ended before. */
  readonly after: readonly number[];
}

/**
 * Group steps into batches: stage by stage, the steps of a lane in order, neighbours of one tool and
 * place together. What the lanes of a stage begin with is shared between lanes, as long as nothing
 * that may last comes before it. Run from first to last, or each as soon as those in `after` are done.
 * @param direction - `undo` goes through the stages from the last to the first; steps of an earlier one then wait for all of them
 */
export function batchesOf(steps: readonly Step[], direction: 'do' | 'undo' = 'do'): Batch[] {
  const byStage = groupBy(steps, (step) => step.stage);
  const batches: Batch[] = [];
  const course: Course = { last: new Map(), makers: direction === 'do' ? [] : undefined };
  for (const stage of direction === 'do' ? STAGES : STAGES.toReversed())
    addStage(batches, byStage.get(stage) ?? [], course);
  return batches;
}

/**
 * The steps that take a plan back, in the order in which to run them: reversed, each doing its undo.
 * Give them to `batchesOf` with direction `undo`.
 */
export const undoSteps = (steps: readonly Step[]): Step[] =>
  steps.toReversed().flatMap((step) => (step.undo ? [{ ...step, do: step.undo }] : []));

/** What is known of the steps so far. */
interface Course {
  /** The last run of each lane. */
  readonly last: Map<string, Run>;
  /** The run that makes each resource, by the resource's position; nothing where things go. */
  readonly makers: Run[] | undefined;
}

/** Neighbouring steps of one lane that may share an invocation. */
interface Run {
  readonly stage: Stage;
  readonly lane: string;
  readonly tool: ToolName;
  readonly where: Where;
  /** What the tool can put together; nothing for what may last. */
  readonly group: string | undefined;
  /** Does it wait for its own lane only? */
  readonly alone: boolean;
  readonly steps: Step[];
  /** Those that must have ended before. */
  readonly before: Set<Run>;
  /** How many come before it in its stage, one after the other. */
  readonly level: number;
  /** Index of its batch. */
  batch?: number;
}

function addStage(batches: Batch[], steps: readonly Step[], course: Course): void {
  const runs = runsOf(steps, course);
  for (const [, ofLevel] of [...groupBy(runs, ({ level }) => level)].sort(([a], [b]) => a - b))
    for (const shared of groupBy(ofLevel, keyOf).values())
      for (const part of split(shared)) {
        for (const run of part) run.batch = batches.length;
        batches.push(batchOf(part));
      }
}

function runsOf(steps: readonly Step[], { last, makers }: Course): readonly Run[] {
  const runs: Run[] = [];
  /** Lanes in which something may last: what follows waits for its own lane only. */
  const lasting = new Set<string>();
  for (const step of steps) {
    const { stage, lane, after, at } = step;
    const tool = toolOf(step.do.tool);
    const group = tool.group(step.do);
    if (group === undefined) lasting.add(lane);
    const alone = lasting.has(lane);
    const previous = last.get(lane);
    let level = previous?.stage === stage ? previous.level + 1 : 0;
    let joins =
      previous !== undefined &&
      goesOn(previous, step, group, alone) &&
      previous.steps.length < tool.max;
    const before: Run[] = [];
    for (const position of (makers && after) ?? NOTHING) {
      const maker = position === NOWHERE ? undefined : makers?.[position];
      if (!maker) continue;
      before.push(maker);
      if (maker.stage !== stage) continue;
      level = Math.max(level, maker.level + 1);
      if (maker !== previous && previous && maker.level >= previous.level) joins = false;
    }
    const run = joins && previous ? previous : newRun(step, { group, alone, level, previous });
    if (run !== previous) {
      runs.push(run);
      last.set(lane, run);
    }
    run.steps.push(step);
    for (const one of before) if (one !== run) run.before.add(one);
    if (makers && at !== undefined) makers[at] = run;
  }
  return runs;
}

const NOTHING: readonly number[] = [];

const newRun = (
  { stage, lane, where, do: { tool } }: Step,
  {
    previous,
    ...rest
  }: Pick<Run, 'group' | 'alone' | 'level'> & { readonly previous?: Run | undefined },
): Run => ({
  stage,
  lane,
  where,
  tool,
  ...rest,
  steps: [],
  before: new Set(previous && [previous]),
});

/** Can the next step of a lane go out together with those before it? */
const goesOn = (
  previous: Run,
  { stage, where, do: { tool } }: Step,
  group: string | undefined,
  alone: boolean,
): boolean =>
  group !== undefined &&
  previous.stage === stage &&
  previous.group === group &&
  previous.tool === tool &&
  previous.alone === alone &&
  hostNameOf(previous.where) === hostNameOf(where) &&
  previous.where.netns === where.netns;

/** The same for what may share an invocation, of whatever lane. */
const keyOf = ({ lane, tool, where, group, alone }: Run): string =>
  [tool, hostNameOf(where), where.netns, group, alone ? lane : ''].join('\n');

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

function batchOf(runs: readonly Run[]): Batch {
  const steps = runs.flatMap((run) => run.steps);
  const [first] = steps;
  if (!first) throw new RangeError('a batch has at least one step');
  return {
    stage: first.stage,
    lanes: runs.map((run) => run.lane),
    where: first.where,
    tool: first.do.tool,
    steps,
    after: [
      ...new Set(runs.flatMap(({ before }) => [...before].flatMap(({ batch }) => batch ?? []))),
    ],
  };
}
