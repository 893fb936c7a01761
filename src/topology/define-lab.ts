import type { z } from 'zod';
import type { deviceKinds } from '../devices/index.js';
import type { CarriesItem } from '../links/carries.js';
import type { writtenLinkKinds } from '../links/index.js';
import type { commonNodeFields } from '../nodes/common.js';
import type { impairmentFields } from './impair-field.js';
import type { nodeKinds } from '../nodes/index.js';
import type { probeKinds } from '../probes/index.js';

/** The topology file's shape as TypeScript types, drawn from the schemas of the kinds. */

type InputOf<Kinds extends readonly { readonly schema: z.ZodType }[]> = z.input<
  Kinds[number]['schema']
>;

type CommonNode = z.input<z.ZodObject<typeof commonNodeFields>> & {
  readonly devices?: readonly InputOf<typeof deviceKinds>[];
};

interface CheckInput {
  /** Where the probe starts: `sw1:eth1`, `sw1` or `sw1/c1`. */
  readonly from: string;
  readonly to: string;
  readonly expect?: 'pass' | 'blocked';
  /** With `expect: 'blocked'`: the hop where it must die. */
  readonly at?: string;
  /** Must no other end of the lab see it? */
  readonly nowhere_else?: boolean;
}

type ImpairmentInput = z.input<z.ZodObject<typeof impairmentFields>>;

interface LinkInput {
  readonly name?: string;
  /** What becomes of frames that its ends send: of all, and by its port of one. */
  readonly impair?: ImpairmentInput & Readonly<Record<`${string}:${string}`, ImpairmentInput>>;
  /** Frame classes that must cross it both ways. */
  readonly carries?: CarriesItem | readonly CarriesItem[];
}

/** A topology as a TypeScript file writes it. */
export interface LabDefinition {
  readonly name: string;
  readonly title?: string;
  /** Why that is so, and what to try next; Markdown, each line a paragraph. */
  readonly about?: string;
  readonly nodes: Readonly<Record<string, InputOf<typeof nodeKinds> & CommonNode>>;
  readonly links?: readonly (InputOf<typeof writtenLinkKinds> & LinkInput)[];
  /** Build the lab also where a broadcast goes round for ever. */
  readonly allow_loops?: boolean;
  readonly verify?: readonly (WithEnds<InputOf<typeof probeKinds>> | StepInput)[];
}

/** What is done between two checks. */
interface StepInput {
  /** `cut LINK` or `plug LINK`; several links may be named. */
  readonly do: `${'cut' | 'plug'} ${string}`;
  /** Pings run from here across it, and the longest time without an answer is told. */
  readonly from?: string;
  readonly to?: string;
  /** The most time that they may be without an answer: `1s`, `500ms`. */
  readonly within?: string;
}

/** What looks at one place goes from nowhere to nowhere. */
type WithEnds<Own> = Own extends { readonly at: string } ? Own : Own & CheckInput;

/**
 * Describe a lab in TypeScript: the same as the YAML file, with types.
 *
 * @example
 * export default defineLab({
 *   name: 'two-namespaces',
 *   nodes: { a: { kind: 'netns' }, b: { kind: 'netns' } },
 *   links: [{ kind: 'veth', ends: ['a:eth1', 'b:eth1'] }],
 * });
 */
export const defineLab = (definition: LabDefinition): LabDefinition => definition;
