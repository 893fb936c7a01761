import {
  containerKey,
  removeContainer,
  runContainer,
  startContainer,
  type ContainerSpec,
} from '../../../containers/commands.js';
import { sameData } from '../../../same-data.js';
import type { Act } from '../define.js';
import { defineResource } from '../define.js';
import { readFrom } from '../look.js';

interface ContainerState extends ContainerSpec {
  /** Its first process has not ended. */
  readonly runs: boolean;
}

const exec = (argv: readonly string[]): Act => ({ do: { tool: 'exec', argv } });

/** A container of an engine; its label is the mark. */
export const container = defineResource<ContainerState>({
  type: 'container',
  noun: 'container',
  stage: () => 'stacks',
  owns: (wanted) => ({ type: 'container', name: containerKey(wanted) }),
  make: (wanted) => [exec(runContainer(wanted))],
  remove: (wanted) => [exec(removeContainer(wanted))],
  change: (old, wanted) =>
    sameData({ ...old, runs: wanted.runs }, wanted)
      ? [exec(startContainer(wanted))]
      : 'an engine cannot change that of a container that is there',
  questions: (wanted, where) => [{ where, what: 'containers', name: containerKey(wanted) }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'containers'), wanted, (all) => {
      const row = all[containerKey(wanted)];
      return row && { ...wanted, runs: row.runs };
    }),
});
