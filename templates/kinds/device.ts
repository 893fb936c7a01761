import { z } from 'zod';
import { defineDevice } from '../../src/devices/define.js';
import { parseLocal } from '../../src/devices/local.js';
import { makeOnLower, onLowerFields } from '../../src/devices/on-lower.js';
import { lowerEdge } from '../../src/hops/types.js';
import { duplicateField, macField } from '../../src/topology/fields.js';
import type { SampleSettings } from './hop.js';

/** A sample inside a node: FILE OF THE KERNEL, ip-link(8) `type sample`. */
export const sample = defineDevice({
  kind: 'sample',
  title: 'sample device in a node',
  doc: `A device on another one, which keeps its stack and its addresses. WHAT CROSSES IT, WHEN TO CHOOSE IT.`,
  example: `{ kind: sample, name: up1, lower: eth1 }`,
  schema: z.strictObject({
    kind: z.literal('sample'),
    ...onLowerFields,
    mac: macField.optional().describe('MAC address; derived from the names when left out'),
    duplicate: duplicateField,
  }),
  kernelKind: 'sample',
  makes({ name, lower, mac, mtu }) {
    return [{ ...parseLocal(name), path: ['name'], mac, mtu, mtuOf: parseLocal(lower) }];
  },
  // Of the lower device it needs nothing alone: whoever writes `shared` too stands beside it.
  lowers: ({ lower }) => [
    { ...parseLocal(lower), path: ['lower'], slot: 'a place for samples', shared: 'sample' },
  ],
  plan(spec, context) {
    const mac = context.mac(parseLocal(spec.name));
    const why = `${spec.name}: a sample on ${spec.lower}`;
    return [makeOnLower(spec, context, { kind: 'sample', mac, options: {}, why })];
  },
  hops(spec, context) {
    const lower = context.hopId(parseLocal(spec.lower));
    const settings: SampleSettings = { lower };
    const hop = context.hop(parseLocal(spec.name), 'sample', settings);
    return { hops: [hop], edges: [lowerEdge(hop.id, lower)] };
  },
});
