import { isOnMachine } from '../../../where.js';
import { inNamespace } from '../../tools/index.js';
import { endProcess, startProcess } from '../../process-scripts.js';
import { defineResource, type Act, type Resource } from '../define.js';
import { readFrom } from '../look.js';

interface ProcessState {
  /** `LAB.NODE.NAME`, its mark too. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Network namespace that it runs in; it outlasts that, and is looked for and ended outside of it. */
  readonly netns?: string | undefined;
  /** A file that is there once others may use it. */
  readonly ready?: string | undefined;
}

/** Run something in a namespace as what is there with a program. */
export const runIn = (
  { where, netns }: Pick<Resource, 'where'> & Pick<ProcessState, 'netns'>,
  argv: readonly string[],
): Act => ({
  do: { tool: 'exec', argv: inNamespace(argv, netns, isOnMachine(where) ? 'nsenter' : 'ip') },
});

/** A program that runs for as long as the lab, and is started again when it ends. */
export const process = defineResource<ProcessState>({
  type: 'process',
  noun: 'program',
  stage: () => 'inside',
  // Else it would hold its namespace, and all that is in that.
  lingers: true,
  owns: ({ name }) => ({ type: 'process', name }),
  make({ name, argv, netns, ready }, { where }) {
    return [runIn({ where, netns }, startProcess(name, argv, ready))];
  },
  remove: ({ name }) => [{ do: { tool: 'exec', argv: endProcess(name) } }],
  questions: ({ name }, where) => [{ where, what: 'processes', name }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'processes'), wanted, (names) =>
      names.includes(wanted.name) ? wanted : undefined,
    ),
});
