import { z } from 'zod';
import { FRAME_CLASSES, type FrameClass } from '../frames/classes.js';
import { oneOrMany } from '../topology/fields.js';

/** What a straight cable carries: every class but frames that are too long for it. */
const ALL: readonly FrameClass[] = FRAME_CLASSES.filter((name) => name !== 'over-mtu');

/** An item of `carries`. */
export type CarriesItem = FrameClass | 'all';

/** The classes that an item of `carries` asks for. */
export const classesOf = (item: CarriesItem): readonly FrameClass[] =>
  item === 'all' ? ALL : [item];

/** The classes that a link is asked to carry, each once. */
export const askedOf = ({ carries = [] }: Carrying): readonly FrameClass[] => [
  ...new Set(carries.flatMap(classesOf)),
];

/** Classes as a sentence names them. */
export const nameClasses = (classes: readonly FrameClass[]): string =>
  ALL.every((name) => classes.includes(name)) ? 'all classes' : classes.join(', ') || 'anything';

/** A link spec as far as `carries` goes. */
export interface Carrying {
  readonly carries?: readonly CarriesItem[] | undefined;
}

/** The field that every link kind has. */
export const carriesField = oneOrMany(z.enum([...FRAME_CLASSES, 'all']))
  .optional()
  .describe(
    'Frame classes that must cross each of its cables both ways, or `all` (all but `over-mtu`): the file is refused when the model says that one does not, even where the receiving port listens to everything',
  );
