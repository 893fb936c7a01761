import { Listr } from 'listr2';
import type { ApplyEvent, OnEvent } from '../apply/events.js';
import type { Stage } from '../plan/step.js';
import type { Context } from './define.js';

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

/** Milliseconds by stage, in the order in which they ran. */
export type Timings = { readonly what: string; readonly ms: number }[];

/** Show how a lab is built or removed: a line for each stage that moves on a terminal, plain lines elsewhere, nothing with `--json`. */
export function showProgress(context: Context): {
  readonly onEvent: OnEvent;
  readonly timings: Timings;
  /** To be called at the end, whatever the end is. */
  finish(): void;
} {
  const timings: Timings = [];
  const live = !context.json && process.stderr.isTTY;
  let current: { done: () => void; all: Promise<unknown> } | undefined;
  const finish = (): void => {
    current?.done();
    current = undefined;
  };
  const start = (title: string): void => {
    finish();
    if (!live) return;
    let done: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (done = resolve));
    const list = new Listr([{ title, task: () => ended }], {
      renderer: 'default',
      fallbackRenderer: 'silent',
    });
    current = { done, all: list.run() };
  };
  const handlers: {
    readonly [T in ApplyEvent['type']]?: (event: Extract<ApplyEvent, { type: T }>) => void;
  } = {
    stage: ({ phase, stage }) => start(`${phase}: ${WORDS[stage]}`),
    'stage-done'({ phase, stage, ms }) {
      finish();
      timings.push({ what: `${phase} ${stage}`, ms });
      if (!live) context.say(`${phase}: ${WORDS[stage]} (${seconds(ms)})`);
    },
    note({ text }) {
      finish();
      context.say(text);
    },
  };
  return {
    timings,
    finish,
    onEvent: (event) => handlers[event.type]?.(event as never),
  };
}

/** Milliseconds as seconds with two digits. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** A line for each part of the time. */
export const formatTimings = (timings: Timings): string =>
  timings.map(({ what, ms }) => `${seconds(ms).padStart(9)}  ${what}`).join('\n');
