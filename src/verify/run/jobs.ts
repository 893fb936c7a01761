import { limiter } from '../../apply/schedule.js';
import type { Host, Hosts } from '../../apply/hosts/define.js';
import { messageOf, PatchlabError } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import type { Forgetting, Invocation } from '../../probes/define.js';
import { jobsScript, shell, type StackJobs } from './scripts.js';
import { hostNameOf } from '../../where.js';

/** Programs that one shell starts at once, and shells that run at once: enough to wait side by side, few enough for two processors. */
const AT_ONCE = { programs: 64, shells: 4 } as const;

/** Seconds more for each program of a shell: they share the processors, a guest under emulation has one slow one. */
const EACH = 2;

/** What a shell, timeout(1) and nsenter(1) mean by these exit codes. */
const NOT_RUN = new Map([
  ['126', 'it may not be run'],
  ['127', 'it is not there'],
]);

/** Split a list into parts for one shell each, run a few of them at once, and join the results. */
export async function inShells<T, R>(
  list: readonly T[],
  run: (part: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const slots = limiter(AT_ONCE.shells);
  const parts = Array.from({ length: Math.ceil(list.length / AT_ONCE.programs) }, (_, index) =>
    list.slice(index * AT_ONCE.programs, (index + 1) * AT_ONCE.programs),
  );
  return (await Promise.all(parts.map((part) => slots(() => run(part))))).flat();
}

/**
 * Run programs of probes to their ends, side by side.
 * @returns why one could not be run, by program; what the others found is for the captures to say
 * @throws the reason of the signal when it is aborted
 */
export async function runJobs(
  jobs: readonly Invocation[],
  hosts: Hosts,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Invocation, string>> {
  const byHost = groupBy(jobs, ({ stack }) => hostNameOf(stack.where));
  const failures = await Promise.all(
    [...byHost].map(([host, onHost]) => {
      const byStack = [...groupBy(onHost, ({ stack }) => stack.id).values()].flat();
      return inShells(byStack, (part) => runPart(part, hosts.named(host), signal));
    }),
  );
  return new Map(failures.flat());
}

/** A program that does nothing, for a stack that is to forget only. */
export const forgetting = ({ stack, ...forgets }: Forgetting): Invocation => ({
  ...{ stack, forgets, argv: ['true'] },
  timeout: 10_000,
});

const unique = (neighbours: Forgetting['neighbours']): Forgetting['neighbours'] => [
  ...new Map(neighbours.map((one) => [`${one.family} ${one.device}`, one])).values(),
];

/** @param jobs - those of one stack stand together */
async function runPart(
  jobs: readonly Invocation[],
  host: Host,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly [Invocation, string])[]> {
  signal?.throwIfAborted();
  const limit = Math.max(...jobs.map(({ timeout }) => timeout)) / 1000 + EACH * jobs.length;
  const stacks = [...groupBy(jobs, ({ stack }) => stack.id).values()].map((all): StackJobs => ({
    netns: all[0]?.stack.where.netns,
    neighbours: unique(all.flatMap(({ forgets }) => forgets?.neighbours ?? [])),
    sizes: all.some(({ forgets }) => forgets?.sizes === true),
    programs: all.map(({ argv }) => argv),
  }));
  const ownRun = jobs.some((job) => job.ownRun);
  // timeout(1) makes a process group and passes a signal on to all of it.
  const argv = [
    ...['timeout', '-k', '1', String(limit)],
    ...(ownRun ? ['unshare', '-m'] : []),
    ...shell(...jobsScript(stacks, ownRun)),
  ];
  try {
    const { stdout } = await host.run({ argv, timeout: limit * 1000 + 10_000, signal });
    return stdout.split('\n').flatMap((line) => {
      const [index, code = ''] = line.split(' ');
      const job = jobs[Number(index)];
      if (line === '' || !job) return [];
      const why = `\`${job.argv[0] ?? ''}\` cannot be run in ${job.stack.id}: ${NOT_RUN.get(code) ?? code}`;
      return [[job, why] as const];
    });
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof PatchlabError && error.why !== undefined ? ` ${error.why}` : '';
    return jobs.map((job) => [job, `${job.stack.id}: ${messageOf(error)}${why}`]);
  }
}
