import { Unread, type DeviceRow, type Look } from '../plan/resources/look.js';
import { devicesOf } from '../plan/resources/read-device.js';
import { hasInside, type Lab, type Stack } from '../topology/lab.js';
import type { Hosts } from './hosts/define.js';
import { lookAround } from './look-around.js';

/** The devices that a stack really has, or why they could not be read. */
export type StackReading = { readonly devices: readonly DeviceRow[] } | { readonly why: string };

type Place = Pick<Stack, 'id' | 'where'>;

/** The stacks of a lab that can be looked into. */
export const readableStacks = ({ nodes }: Lab): readonly Stack[] =>
  nodes.filter(hasInside).flatMap(({ stacks }) => stacks);

/** What is asked about stacks. */
export const stackQuestions = (stacks: readonly Place[]) =>
  stacks.flatMap(({ where }) => devicesOf(where));

/** The readings of stacks that were asked about, by their ids. */
export const stackReadings = (
  stacks: readonly Place[],
  look: Look,
): ReadonlyMap<string, StackReading> =>
  new Map(
    stacks.map(({ id, where }) => {
      const answer = look(where, 'devices');
      if (answer instanceof Unread) return [id, { why: answer.why }];
      return [id, answer === 'absent' ? { why: 'it is not there' } : { devices: answer }];
    }),
  );

/** Look at the devices of stacks, by one command on each machine. @returns a reading for each, by its id */
export const readStacks = async (
  stacks: readonly Place[],
  hosts: Hosts,
): Promise<ReadonlyMap<string, StackReading>> =>
  stackReadings(stacks, await lookAround(stackQuestions(stacks), hosts));
