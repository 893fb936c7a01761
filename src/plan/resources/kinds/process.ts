import { isOnMachine } from '../../../where.js';
import { inNamespace } from '../../tools/index.js';
import { endProcess, startProcess } from '../../process-scripts.js';
import { defineResource } from '../define.js';
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

/** A program that runs for as long as the lab, and is started again when it ends. */
export const process = defineResource<ProcessState>({
  type: 'process',
  noun: 'program',
  stage: () => 'inside',
  // Else it would hold its namespace, and all that is in that.
  lingers: true,
  owns: ({ name }) => ({ type: 'process', name }),
  make({ name, argv, netns, ready }, { where }) {
    const start = startProcess(name, argv, ready);
    const inside = inNamespace(start, netns, isOnMachine(where) ? 'nsenter' : 'ip');
    return [{ do: { tool: 'exec', argv: inside } }];
  },
  remove: ({ name }) => [{ do: { tool: 'exec', argv: endProcess(name) } }],
  questions: ({ name }, where) => [{ where, what: 'processes', name }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'processes'), wanted, (names) =>
      names.includes(wanted.name) ? wanted : undefined,
    ),
});
