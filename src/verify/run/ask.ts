import { setTimeout as delay } from 'node:timers/promises';
import type { Hosts } from '../../apply/hosts/define.js';
import type { Inquiry, Reply } from '../../probes/inquiry.js';
import type { PreparedCheck } from '../../probes/prepare.js';

/** What was said, and how long it took until it was. */
interface Answered {
  readonly told: Reply;
  readonly ms: number;
}

/** What was said to each check that asks. */
export type Replies = ReadonlyMap<PreparedCheck, Answered>;

/** Milliseconds between two questions. */
const PAUSE = 250;

/** Ask what checks ask, all at once, each until the answer is as it should be and stays so, or has had its time. */
export async function askAll(
  checks: readonly PreparedCheck[],
  hosts: Hosts,
  signal?: AbortSignal,
): Promise<Replies> {
  return new Map(
    await Promise.all(
      checks.flatMap((check) => {
        const { question } = check.probe;
        return question
          ? [askUntil(question, hosts, signal).then((one) => [check, one] as const)]
          : [];
      }),
    ),
  );
}

async function askUntil(
  { stack, argv, judge, steady, patience }: Inquiry,
  hosts: Hosts,
  signal: AbortSignal | undefined,
): Promise<Answered> {
  const begin = performance.now();
  let since: number | undefined;
  let known: number | undefined;
  for (;;) {
    const answer = await answerOf(hosts, stack, argv);
    const now = performance.now();
    const told = judge(answer, now - begin);
    since = told.outcome === 'pass' ? (since ?? now) : undefined;
    if (told.isEarly !== true) known ??= now;
    const deadline = Math.min(begin + patience.early, (known ?? Infinity) + patience.then);
    const isSettled = since !== undefined && now - since >= steady;
    if (isSettled || (since === undefined && now > deadline))
      return { told, ms: Math.round((since ?? now) - begin) };
    await delay(PAUSE, undefined, { signal });
  }
}

async function answerOf(
  hosts: Hosts,
  { where }: Inquiry['stack'],
  argv: readonly string[],
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await hosts.at(where).run({ argv, timeout: 10_000 });
    return exitCode === 0 ? stdout : undefined;
  } catch {
    return undefined;
  }
}
