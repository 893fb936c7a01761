import { PatchlabError } from '../errors.js';
import { probeKind } from '../topology/kinds.js';
import type { Check } from '../topology/lab.js';

/** What a probe does not take of what it was given. */
interface Refused {
  /** Name of the value. */
  readonly field: string;
  readonly message: string;
}

/** A check that no file has, held against the schema that files are held against. Pure. */
export function frameCheck(
  given: { readonly probe: string } & Readonly<Record<string, unknown>>,
  from: string,
  to: string,
): Check | Refused {
  const result = probeKind(given.probe).schema.safeParse(given);
  if (result.success)
    return {
      ...{ ...result.data, probe: given.probe, from, to },
      ...{ expect: 'pass', at: undefined, nowhere_else: false },
    };
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  return { field: field || 'probe', message: issue?.message ?? 'wrong value' };
}

/** The same as an error. */
export const checkProblem = ({ field, message }: Refused): PatchlabError =>
  new PatchlabError('topology/wrong-value', {
    what: `A frame with such a \`${field}\` cannot be sent.`,
    why: message,
  });
