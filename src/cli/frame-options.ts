import { isHeld } from '../apply/rootless/folders.js';
import { frameCheck } from '../probes/frame-check.js';
import type { Check } from '../topology/lab.js';
import { shownLine } from '../shown.js';
import type { AskKernel } from '../verify/kernel/testify.js';
import { UsageError, type Context } from './define.js';

/** What may be said of a generated frame beside its class. */
export const frameOptions = {
  vlan: { type: 'number', describe: 'Tag it with this VLAN' },
  payload: { type: 'number', describe: 'Octets after its header and tag' },
} as const;

/**
 * Options as a check, held against the schema that files are held against.
 * @throws UsageError for a value that the probe does not take
 */
export function checkOf(
  given: { readonly probe: string } & Readonly<Record<string, unknown>>,
  from: string,
  to: string,
): Check {
  const check = frameCheck(given, from, to);
  if ('message' in check) throw new UsageError(`--${check.field}: ${check.message}`);
  return check;
}

/** The option by which the kernel is asked. */
export const kernelOption = {
  kernel: {
    type: 'boolean',
    describe: 'Ask the kernel of this machine which of its functions dropped a frame, and why',
  },
} as const;

/** What `--kernel` asks for: where the kernel cannot be asked, that is said, and all else goes on. */
export function askKernel(kernel: boolean, { say }: Context): AskKernel | undefined {
  const onSilent = (why: string): void =>
    say(`The kernel cannot be asked what it dropped: ${shownLine(why)}`);
  if (kernel && isHeld()) onSilent('its trace is for the root of the machine alone.');
  return kernel && !isHeld() ? { onSilent } : undefined;
}
