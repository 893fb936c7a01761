import { z } from 'zod';
import { resourceTypes } from '../plan/resources/index.js';
import { commandOf } from '../plan/resources/kinds/command.js';
import { makeSteps } from '../plan/resources/steps.js';
import type { Resource } from '../plan/resources/define.js';
import { LOCAL, STAGES, type Owned, type Plan, type Step } from '../plan/step.js';
import { tools } from '../plan/tools/index.js';
import type { Lab } from '../topology/lab.js';

/**
 * The files of a lab as they are on the disk, which may be damaged, or of another version: so much of their shape as
 * whoever reads them relies on. What else they hold is kept.
 */

const where = z.looseObject({
  machine: z.string(),
  ...{ inside: z.string().exactOptional(), netns: z.string().exactOptional() },
});
/** Older versions knew no other place. */
const here = where.default({ ...LOCAL });

const command = z.looseObject({ tool: z.enum(Object.keys(tools)) });

const owned: z.ZodType<Owned> = z.discriminatedUnion('type', [
  z.looseObject({
    ...{ type: z.literal('link'), name: z.string(), mac: z.string() },
    lateMac: z.string().exactOptional(),
  }),
  z.looseObject({ type: z.literal('netns'), name: z.string() }),
  z.looseObject({ type: z.literal('nft-table'), name: z.string() }),
  z.looseObject({ type: z.literal('ovs-bridge'), name: z.string() }),
  z.looseObject({ type: z.literal('container'), name: z.string() }),
  z.looseObject({ type: z.literal('process'), name: z.string() }),
  z.looseObject({ type: z.literal('domain'), name: z.string(), uuid: z.string() }),
]);

const begun = z.looseObject({
  id: z.string(),
  stage: z.enum(STAGES),
  lane: z.string(),
  where,
  undo: command.optional(),
  owns: owned.optional(),
  why: z.string(),
});

const stack = z.looseObject({ id: z.string(), namespace: z.string().optional(), where });
const port = z.looseObject({ ref: z.string(), name: z.string(), mac: z.string() });
const address = z.looseObject({
  ...{ stack: z.string(), device: z.string(), ip: z.string() },
  ...{ prefix: z.int(), family: z.union([z.literal(4), z.literal(6)]) },
});

const node = z.looseObject({
  ...{ name: z.string(), kind: z.string(), spec: z.looseObject({}) },
  stacks: z.array(stack),
  ports: z.array(port),
  devices: z.array(z.looseObject({ kind: z.string(), name: z.string() })),
  addresses: z.array(address),
  // Older versions knew of none.
  programs: z.array(z.looseObject({ name: z.string(), stack: z.string() })).default([]),
});

const link = z.looseObject({
  ...{ id: z.string(), kind: z.string() },
  ends: z.array(z.looseObject({ port, stack })),
  isCut: z.literal(true).exactOptional(),
});

const lab = z.looseObject({
  name: z.string(),
  title: z.string().optional(),
  nodes: z.array(node),
  links: z.array(link),
  steps: z.array(z.looseObject({ links: z.array(z.string()), after: z.int() })).default([]),
  checks: z.array(z.looseObject({ probe: z.string(), from: z.string(), to: z.string() })),
  here,
  machine: here,
}) as unknown as z.ZodType<Lab>;

const hop = z.looseObject({
  ...{ host: z.string(), netns: z.string().optional() },
  ...{ device: z.string(), kind: z.string() },
});

/** Of lab.json, where the lab is. */
export const storedPlaceSchema = z.looseObject({ lab: z.looseObject({ here }) });

/** lab.json */
export const storedLabSchema = z.looseObject({
  format: z.literal(1),
  lab,
  boot: z.string(),
  created: z.iso.datetime(),
  extra: z.looseObject({ hops: z.record(z.string(), z.array(hop)).optional() }),
});

const step = begun.extend({ do: command }) as unknown as z.ZodType<Step>;

/** Can what it wants be made: do steps follow from it that make sense? Where they are and what they own comes of what it wants. */
function canBeMade(one: Resource): boolean {
  try {
    return makeSteps(one).every(
      ({ where: at, owns }) =>
        (at === one.where || where.safeParse(at).success) &&
        (owns === undefined || owned.safeParse(owns).success),
    );
  } catch {
    return false;
  }
}

const resource = z
  .looseObject({
    ...{ id: z.string(), type: z.enum(resourceTypes.map(({ type }) => type)), where },
    ...{ lane: z.string(), in: z.array(z.string()), why: z.string() },
  })
  .refine((one) => canBeMade(one as unknown as Resource), 'it wants what makes no sense');

/** plan.json */
export const planSchema = z
  .looseObject({
    lab: z.string(),
    resources: z.array(resource).default([]),
    // Older versions stored only these.
    steps: z.array(step).default([]),
    domains: z.array(
      z.looseObject({ node: z.string(), name: z.string(), uuid: z.string(), xml: z.string() }),
    ),
    requirements: z.array(z.looseObject({ check: z.string() })),
  })
  .transform(({ resources, steps, ...plan }) => ({
    ...plan,
    resources: resources.length === 0 ? steps.map(commandOf) : resources,
  })) as unknown as z.ZodType<Plan>;

/** A line of journal.ndjson. */
export const recordSchema = z.discriminatedUnion('event', [
  z.looseObject({ event: z.literal('boot'), boot: z.string() }),
  begun.extend({ event: z.literal('begin'), marks: z.string().optional() }),
  z.looseObject({
    event: z.literal('done'),
    id: z.string(),
    netns: z.tuple([z.string(), z.string()]).optional(),
  }),
  z.looseObject({ event: z.literal('undone'), id: z.string() }),
]);
