import { isOnMachine } from '../../where.js';
import { deviceKind } from '../kinds.js';
import type { Stack } from '../lab.js';
import type { NodeProgram } from '../program.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';

/** Name of the program that a controller is. */
const CONTROLLER = 'controller';

/**
 * What runs in a node for as long as the lab.
 * @param missing - the problem of an inner namespace that the node does not have
 */
export function resolvePrograms(
  { lab, node }: { readonly lab: string; readonly node: string },
  { run, controller, devices }: Pick<NodeSpec, 'run' | 'controller' | 'devices'>,
  stacks: readonly Stack[],
  base: Path,
  missing: (namespace: string, path: Path) => Problem,
  report: (problem: Problem) => void,
): readonly NodeProgram[] {
  for (const spec of devices) {
    const name = deviceKind(spec.kind).program?.(spec);
    if (name !== undefined && run[name])
      report({
        ...{ code: 'topology/wrong-value', path: [...base, 'run', name], atKey: true },
        what: `\`${name}\` is the name of the daemon that runs for ${spec.name}.`,
        fix: 'give the program another name',
      });
  }
  const programs = Object.entries(run).flatMap(([text, argv]): NodeProgram[] => {
    const words = text.split(':');
    const namespace = words.length > 1 ? words[0] : undefined;
    const stack = stacks.find((one) => one.namespace === namespace);
    if (stack) return [{ name: [lab, node, ...words].join('.'), stack: stack.id, does: { argv } }];
    report(missing(namespace ?? '', [...base, 'run', text]));
    return [];
  });
  const [own] = stacks;
  if (!controller || !own) return programs;
  const path: Path = [...base, 'controller'];
  if (run[CONTROLLER])
    report({
      ...{ code: 'topology/wrong-value', path: [...base, 'run', CONTROLLER], atKey: true },
      what: `\`${CONTROLLER}\` is the name of the controller that runs in ${node}.`,
      fix: 'give the program another name',
    });
  if (!isOnMachine(own.where))
    report({
      ...{ code: 'topology/wrong-value', path },
      what: `${node} is in a guest, in whose image there is no controller.`,
      fix: 'write it at a node of `kind: netns`, and join the switch to that by a link of its own',
    });
  return [
    ...programs,
    { name: [lab, node, CONTROLLER].join('.'), stack: own.id, does: { controller } },
  ];
}
