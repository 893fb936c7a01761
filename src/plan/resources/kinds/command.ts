import type { Command, Owned, Stage, Step } from '../../step.js';
import { defineResource, type Resource } from '../define.js';

interface CommandState {
  readonly stage: Stage;
  readonly do: Command;
  readonly undo?: Command;
  readonly owns?: Owned;
}

/** A command of which no more is known than how to take it back: older versions of patchlab stored nothing else. */
export const command = defineResource<CommandState>({
  type: 'command',
  noun: 'command',
  lasting: true,
  stage: () => 'inside',
  owns: ({ owns }) => owns,
  make: ({ stage, do: forth }) => [{ stage, do: forth }],
  remove: ({ stage, undo }) => (undo ? [{ stage, do: undo }] : []),
});

/** A step as a resource. */
export const commandOf = ({ id, lane, where, why, ...wanted }: Step): Resource =>
  command.of({ ...{ id, lane, where, wanted, why }, in: [] });

/** Is it one of those? */
export const isCommand = ({ type }: Resource): boolean => type === command.type;
