import { controllerKind } from '../controllers/index.js';
import type { PlanFacts } from '../links/define.js';
import { isOnMachine } from '../where.js';
import type { LabNode } from '../topology/lab.js';
import type { NodeProgram } from '../topology/program.js';
import { processFiles } from './process-scripts.js';
import type { Requirement } from './step.js';

/** Stands for the folder of the templates where nobody needs to know it. */
const TEMPLATES = '/usr/share/patchlab/templates';

/** What a program of a node is run by. */
export function programArgv(
  { name, does }: NodeProgram,
  { templates = TEMPLATES }: Pick<PlanFacts, 'templates'>,
): readonly string[] {
  if ('argv' in does) return does.argv;
  const { runs } = controllerKind(does.controller.kind);
  const { report } = processFiles(name);
  return runs?.argv(does.controller as never, { templates, report }) ?? [];
}

/** What it is, for a sentence. */
export const programTitle = ({ does }: NodeProgram): string =>
  'argv' in does
    ? `\`${does.argv.join(' ')}\``
    : `the controller ${controllerKind(does.controller.kind).title}`;

/** What this host must have for the programs of a node; a guest has its own. */
export function programRequirements({ programs, stacks }: LabNode): readonly Requirement[] {
  if (!stacks.some(({ where }) => isOnMachine(where))) return [];
  return programs.flatMap(({ does }): readonly Requirement[] => {
    const own =
      'argv' in does
        ? [{ check: 'command', arg: does.argv[0] ?? '' }]
        : (controllerKind(does.controller.kind).runs?.requirements ?? []);
    return [...['setsid', 'unshare'].map((arg) => ({ check: 'command', arg })), ...own];
  });
}
