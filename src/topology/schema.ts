import { z } from 'zod';
import { deviceKinds } from '../devices/index.js';
import { carriesField, type Carrying } from '../links/carries.js';
import { writtenLinkKinds } from '../links/index.js';
import { commonNodeFields } from '../nodes/common.js';
import { nodeKinds } from '../nodes/index.js';
import type { ProbeKind } from '../probes/define.js';
import { probeKinds } from '../probes/index.js';
import { impairField, type WrittenImpairments } from './impair-field.js';
import { durationField } from './amounts.js';
import { endpointRef, lineField, nameField } from './fields.js';

/**
 * The topology file as the user writes it. The parts come from the registries, so that a kind is
 * described in one place; errors, reference and JSON schema all read this schema.
 */

type Variants = [z.ZodObject, ...z.ZodObject[]];

const either = (key: string, variants: readonly z.ZodObject[]) =>
  z.discriminatedUnion(key, variants as Variants);

const titled = <Z extends z.ZodObject>(schema: Z, title: string): Z => schema.meta({ title });

const devices = z
  .array(
    either(
      'kind',
      deviceKinds.map(({ schema, title }) => titled(schema, title)),
    ),
  )
  .default([])
  .describe('Devices that the node builds inside its stack, in this order');

/** A node as it is written. */
export const nodeSchema = either(
  'kind',
  nodeKinds.map(({ schema, title }) =>
    titled(schema.extend({ ...commonNodeFields, devices }), title),
  ),
);

/** The fields that every link kind has. */
export const commonLinkFields = {
  name: nameField
    .optional()
    .describe('Name of the link; its first two ends when left out, such as `sw1:eth1-sw2:eth1`'),
  carries: carriesField,
  impair: impairField,
};

const link = either(
  'kind',
  writtenLinkKinds.map(({ schema, title }) => titled(schema.extend(commonLinkFields), title)),
);

const check = either(
  'probe',
  probeKinds.map(({ schema, title, looks }: ProbeKind) =>
    titled(
      looks
        ? schema
        : schema.extend({
            from: endpointRef.describe('Where the probe starts'),
            to: endpointRef.describe('Where it must arrive'),
            expect: z
              .enum(['pass', 'blocked'])
              .default('pass')
              .describe('Must it arrive, or must it be blocked?'),
            at: lineField
              .optional()
              .describe(
                'With `expect: blocked`: the hop where it must die, such as `sw1:eth1 macvtap`',
              ),
            nowhere_else: z
              .boolean()
              .default(false)
              .describe(
                'Must no other end of the lab see it? Questions by ARP or neighbour discovery, which go to all, do not count, unless the check is about such a frame',
              ),
          }),
      title,
    ),
  ),
);

/** What `verify` does between two checks. */
export const stepSchema = z
  .strictObject({
    do: z
      .string({ error: 'write `cut LINK` or `plug LINK`' })
      .regex(/^(cut|plug)(\s+\S+)+$/, { error: 'write `cut LINK` or `plug LINK`' })
      .describe(
        'Pull the cables of links (`cut left`), or plug them again (`plug left right`). A link is named by its name or by one of its ends',
      ),
    from: endpointRef
      .optional()
      .describe('Pings run from here across it, and the longest time without an answer is told'),
    to: endpointRef.optional().describe('Where these pings go'),
    within: durationField.optional().describe('The most time that they may be without an answer'),
  })
  .meta({ title: 'something done between two checks' });

export const topologySchema = z
  .strictObject({
    name: nameField.describe('Name of the lab, unique on the host'),
    title: lineField.optional().describe('What the lab shows, one sentence'),
    about: z
      .string()
      .optional()
      .describe('Why that is so, and what to try next; Markdown, each line a paragraph'),
    nodes: z
      .record(nameField, nodeSchema, {
        error: 'write a mapping of nodes by name, such as `sw1: { kind: vm }`',
      })
      .describe('The nodes by name'),
    links: z.array(link).default([]).describe('What joins their ports'),
    allow_loops: z
      .boolean()
      .default(false)
      .describe(
        'Build the lab also where a broadcast goes round for ever, which takes all of a processor',
      ),
    verify: z
      .array(z.union([check, stepSchema]))
      .optional()
      .describe(
        'Probes to run, and what is done between them; without it each cable is checked both ways for LLDP, and for ARP and ICMP where both ends have addresses',
      ),
  })
  .meta({ title: 'patchlab topology' });

/** A topology as written, defaults filled in. */
export interface Topology {
  readonly name: string;
  readonly title?: string | undefined;
  readonly about?: string | undefined;
  readonly nodes: Readonly<Record<string, NodeSpec>>;
  readonly links: readonly LinkSpec[];
  readonly allow_loops: boolean;
  readonly verify?: readonly (CheckSpec | StepSpec)[] | undefined;
}

/** What every node spec has besides the fields of its kind. */
export type NodeSpec = z.output<z.ZodObject<typeof commonNodeFields>> & {
  readonly kind: string;
  readonly devices: readonly { readonly kind: string; readonly name: string }[];
};

export interface LinkSpec extends Carrying {
  readonly kind: string;
  readonly name?: string | undefined;
  readonly impair?: WrittenImpairments;
}

/** A line of `verify` that does something. */
export type StepSpec = z.output<typeof stepSchema>;

/** A line of `verify`: one that looks at a place has nothing but that place. */
export type CheckSpec = { readonly probe: string } & (
  | {
      readonly from: string;
      readonly to: string;
      readonly expect: 'pass' | 'blocked';
      readonly nowhere_else: boolean;
      readonly at?: string | undefined;
    }
  | { readonly at: string; readonly expect?: string; readonly from?: undefined }
);
