import { z } from 'zod';
import { controllerKinds } from './index.js';

/** A kind that patchlab runs, with its settings; by itself, with the usual ones. */
const variants = controllerKinds.flatMap(({ kind, runs, title }) =>
  runs ? [runs.schema.extend({ kind: z.literal(kind).describe('What runs') }).meta({ title })] : [],
);

const full = z
  .discriminatedUnion('kind', variants as unknown as [z.ZodObject, ...z.ZodObject[]])
  .transform((spec) => spec as unknown as ControllerSpec);

const words = variants.map(({ shape }) => shape['kind'].value);

/** An OpenFlow controller that runs in a node: `os-ken`, or an object with its `kind` and settings. */
export const controllerField = z.union(
  [z.enum(words).transform((kind) => full.parse({ kind })), full],
  { error: `write ${words.map((word) => `\`${word}\``).join(' or ')}, or \`{ kind: ..., ... }\`` },
);

/** What a file says of a controller, defaults filled in. */
export interface ControllerSpec {
  readonly kind: string;
}
