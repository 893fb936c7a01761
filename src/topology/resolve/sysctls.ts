import { isOnMachine } from '../../where.js';
import type { Stack, Sysctl } from '../lab.js';
import type { Path, Problem } from '../problem.js';
import { isPerNamespace, sysctlParts } from '../sysctl.js';

/**
 * The kernel settings of a node. A setting that is not a namespace's own would change the machine that the namespace is
 * on, and nobody would set it back: only a guest, whose kernel goes with it, can have such a one.
 * @param settings - `NAME`, or `NAMESPACE:NAME`, with values
 * @param missing - the problem of an inner namespace that the node does not have
 */
export function resolveSysctls(
  settings: Readonly<Record<string, string>>,
  stacks: readonly Stack[],
  path: Path,
  missing: (namespace: string, path: Path) => Problem,
  report: (problem: Problem) => void,
): readonly Sysctl[] {
  return Object.entries(settings).flatMap(([text, value]): Sysctl[] => {
    const colon = text.indexOf(':');
    const key = text.slice(colon + 1);
    const namespace = colon < 0 ? undefined : text.slice(0, colon);
    const at: Path = [...path, text];
    const stack = stacks.find((candidate) => candidate.namespace === namespace);
    const problem = stack ? problemOf(key, stack, stacks, at) : missing(namespace ?? '', at);
    if (problem) report({ ...problem, path: at, atKey: true });
    return stack && !problem ? [{ stack: stack.id, key, value }] : [];
  });
}

function problemOf(
  key: string,
  stack: Stack,
  stacks: readonly Stack[],
  path: Path,
): Problem | undefined {
  const parts = sysctlParts(key);
  if (!parts) {
    return {
      code: 'topology/wrong-value',
      path,
      what: `\`${key}\` is no name of a kernel setting.`,
      fix: 'write a name as sysctl(8) prints it, such as `net.ipv4.ip_forward`',
    };
  }
  if (stack.where.netns === undefined || isPerNamespace(parts)) return undefined;
  const isInGuest = !isOnMachine(stack.where);
  const own = stacks.find(({ namespace }) => namespace === undefined);
  return {
    code: 'topology/not-per-namespace',
    path,
    what: `\`${key}\` is no setting of a network namespace, and ${stack.id} is one.`,
    why: `The kernel has it once for all namespaces: it would change ${isInGuest ? 'all of the guest' : 'this machine, and stay so after `down`'}.`,
    fix:
      isInGuest && own?.where.netns === undefined
        ? `write \`${key}\` without \`${stack.namespace ?? ''}:\`, so that it is set in the guest`
        : 'remove it, or set it in a node of `kind: vm`, which has a kernel of its own',
  };
}
