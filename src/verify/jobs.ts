import type { Host, Hosts } from '../apply/hosts/define.js';
import { messageOf, PatchlabError } from '../errors.js';
import { groupBy } from '../group-by.js';
import type { Invocation } from '../probes/define.js';
import { RUN_JOBS, shell } from './scripts.js';

/** Programs that one shell starts at once. */
const AT_ONCE = 128;

/** What a shell, timeout(1) and nsenter(1) mean by these exit codes. */
const NOT_RUN = new Map([
  ['126', 'it may not be run'],
  ['127', 'it is not there'],
]);

/** Split a list into parts of at most so many. */
export const inParts = <T>(list: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );

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
  const byHost = groupBy(jobs, ({ stack }) => stack.where.host);
  const failures = await Promise.all(
    [...byHost].flatMap(([host, onHost]) =>
      inParts(onHost, AT_ONCE).map((part) => runPart(part, hosts.at({ host }), signal)),
    ),
  );
  return new Map(failures.flatMap((map) => [...map]));
}

async function runPart(
  jobs: readonly Invocation[],
  host: Host,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Invocation, string>> {
  const limit = Math.max(...jobs.map(({ timeout }) => timeout)) / 1000;
  const words = jobs.flatMap(({ stack, argv }) => [
    ...[stack.where.netns ?? '-', String(argv.length)],
    ...argv,
  ]);
  // timeout(1) makes a process group and passes a signal on to all of it.
  const argv = ['timeout', '-k', '1', String(limit), ...shell(RUN_JOBS, ...words)];
  try {
    const { stdout } = await host.run({ argv, timeout: limit * 1000 + 10_000, signal });
    return new Map(
      stdout.split('\n').flatMap((line) => {
        const [index, code = ''] = line.split(' ');
        const job = jobs[Number(index)];
        if (line === '' || !job) return [];
        const why = `\`${job.argv[0] ?? ''}\` cannot be run in ${job.stack.id}: ${NOT_RUN.get(code) ?? code}`;
        return [[job, why] as const];
      }),
    );
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof PatchlabError && error.why !== undefined ? ` ${error.why}` : '';
    return new Map(jobs.map((job) => [job, `${job.stack.id}: ${messageOf(error)}${why}`]));
  }
}
