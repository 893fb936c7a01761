import { isTerminal } from './output.js';
import type { ApplyEvent, OnEvent, Phase } from '../apply/events.js';
import { stepsOf } from '../plan/resources/steps.js';
import { STAGES, type Plan, type Stage } from '../plan/step.js';
import { shownLine } from '../shown.js';
import type { Context } from './define.js';
import type { Clock } from './timings.js';

/** What each stage does, for a person who waits. */
const WORDS: Readonly<Record<Stage, string>> = {
  stacks: 'network namespaces',
  devices: 'devices of the host',
  switches: 'switches',
  flows: 'cross-connects',
  guests: 'guests',
  attach: "guests' devices on the host",
  inside: 'inside the nodes',
};

/** How a lab is built or removed, as it goes on. */
export interface Progress {
  readonly onEvent: OnEvent;
  /** To be called at the end, whatever the end is, before anything else is printed. */
  finish(failed: boolean): Promise<void>;
}

/** Does a person watch? Only then the stages to come are shown. */
export const isWatched = ({ json }: Context): boolean =>
  !json && isTerminal('out') && isTerminal('err');

/**
 * Show progress: a list that moves on a terminal, plain lines elsewhere, nothing with `--json`.
 * @param stages - those to come, for a list
 * @param clock - is told what takes how long
 */
export function showProgress(
  context: Context,
  phase: Phase,
  stages: () => readonly Stage[],
  clock: Clock,
): Progress {
  const live = isWatched(context) ? liveList(stages()) : undefined;
  const handlers: {
    readonly [T in ApplyEvent['type']]?: (event: Extract<ApplyEvent, { type: T }>) => void;
  } = {
    'stage-done'(event) {
      clock.add(`${event.phase} ${event.stage}`, event.ms);
      if (live && event.phase === phase) live.end(event.stage);
      else context.say(`${event.phase}: ${WORDS[event.stage]} (${seconds(event.ms)})`);
    },
    guest({ node, why }) {
      if (why !== undefined)
        context.say(`${node} boots: it could not start warm. ${shownLine(why)}`);
    },
    'part-done'({ what, ms }) {
      clock.add(what, ms);
    },
    note({ text }) {
      context.say(text);
    },
  };
  return {
    onEvent: (event) => handlers[event.type]?.(event as never),
    finish: async (failed) => live?.finish(failed),
  };
}

/** A list of the stages on a terminal, one after the other. Ctrl-C is left to the command. */
function liveList(stages: readonly Stage[]) {
  const pending = new Map<Stage, (failed: boolean) => void>();
  const tasks = stages.map((stage) => ({
    title: WORDS[stage],
    task: () =>
      new Promise<void>((resolve, reject) => {
        pending.set(stage, (failed) => {
          if (failed) reject(new Error('broken off'));
          else resolve();
        });
        if (over !== undefined) settle(stage, over);
        else if (ended.has(stage)) settle(stage, false);
      }),
  }));
  const ended = new Set<Stage>();
  let over: boolean | undefined;
  const settle = (stage: Stage, failed: boolean): void => pending.get(stage)?.(failed);
  const run = async (): Promise<void> => {
    const { Listr } = await import('listr2');
    await new Listr(tasks, {
      registerSignalListeners: false,
      exitOnError: true,
      collectErrors: false,
    }).run();
  };
  const running = run().catch(() => undefined);
  return {
    end(stage: Stage): void {
      ended.add(stage);
      settle(stage, false);
    },
    async finish(failed: boolean): Promise<void> {
      over = failed;
      for (const stage of stages) settle(stage, failed);
      await running;
    },
  };
}

/** The stages in which a plan does something, or undoes something, in the order in which that happens. */
export function stagesOf({ resources }: Plan, direction: 'do' | 'undo' = 'do'): readonly Stage[] {
  const steps = stepsOf(resources);
  const order = direction === 'do' ? STAGES : STAGES.toReversed();
  return order.filter((stage) =>
    steps.some((step) => step.stage === stage && step[direction] !== undefined),
  );
}

/** Milliseconds as seconds with two digits. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
