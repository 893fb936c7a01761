import { PatchlabError } from '../errors.js';
import type { Owned } from '../plan/step.js';
import type { Failure } from './execute.js';
import { describeOwned } from './things/index.js';

/** The error for a thing that is still there. */
export function notRemoved(thing: Owned, failures: readonly Failure[]): PatchlabError {
  const failure = failures.find(({ steps }) =>
    steps.some(({ owns }) => owns?.type === thing.type && owns.name === thing.name),
  );
  return new PatchlabError('apply/left', {
    what: `The ${describeOwned(thing)} could not be removed.`,
    ...(failure && { why: failure.why, cause: failure.cause }),
  });
}

/** The error for a thing whose daemon or program does not answer. */
export const notSeen = (thing: Owned): PatchlabError =>
  new PatchlabError('apply/left', {
    what: `Whether the ${describeOwned(thing)} is still there could not be found out.`,
    why: 'The daemon or the program that knows does not answer.',
    fix: 'Start libvirt and Open vSwitch, install nftables where it is missing, then run `patchlab down` again.',
  });

/** The error for a step that could not be taken back. */
export const notUndone = ({ steps, why, cause }: Failure): PatchlabError =>
  new PatchlabError('apply/left', {
    what: `Taking back ${steps.map(({ id }) => `\`${id}\``).join(', ')} failed.`,
    why,
    cause,
  });

/** The error for a thing that was left alone. */
export const notOurs = (thing: Owned): PatchlabError =>
  new PatchlabError('apply/foreign', {
    what: `The ${describeOwned(thing)} has lost the mark of the lab, or is another's; it was left alone.`,
  });

/** The first error of a teardown, with the others attached. */
export const teardownError = ({
  errors,
}: {
  readonly errors: readonly PatchlabError[];
}): PatchlabError | undefined => firstOf(errors) as PatchlabError | undefined;

/** The first of some errors, with the others attached where it can carry them. */
export function firstOf(errors: readonly unknown[]): unknown {
  const [first, ...others] = errors;
  if (!(first instanceof PatchlabError) || others.length === 0) return first;
  return new PatchlabError(first.code, {
    what: first.what,
    ...(first.why !== undefined && { why: first.why }),
    fix: first.fix,
    cause: first.cause,
    others: [...first.others, ...others],
  });
}
