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
  stage: (_, { stage }) => stage,
  owns: ({ owns }) => owns,
  make: ({ do: forth }) => [{ do: forth }],
  remove: ({ undo }) => (undo ? [{ do: undo }] : []),
});

/** A step, with the names of what it needs and makes where they are known. */
export type NamedStep = Omit<Step, 'after' | 'at'> & Pick<Resource, 'makes' | 'needs'>;

/** A step as a resource. */
export const commandOf = ({ id, lane, where, makes, needs, why, ...wanted }: NamedStep): Resource =>
  command.of({ ...{ id, lane, where, wanted, makes, needs, why }, in: [] });

/** Is it one of those? */
export const isCommand = ({ type }: Resource): boolean => type === command.type;
