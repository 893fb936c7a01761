import { z } from 'zod';
import { device } from '../../plan/resources/kinds/device.js';
import { redirect } from '../../plan/resources/kinds/redirect.js';
import { duplicateField, localDevice, macField, mtuField } from '../../topology/fields.js';
import { defineDevice } from '../define.js';
import { localText, parseLocal } from '../local.js';

/** An intermediate functional block inside a node: drivers/net/ifb.c. */
export const ifb = defineDevice({
  kind: 'ifb',
  title: 'ifb in a node',
  doc: `What other devices receive goes by it before anybody else gets it: a filter at their ingress sends it there (tc-mirred(8)), and then it is with
those devices again as if it had never left. So a queueing discipline on the ifb acts on what comes in, which alone would be no place for one, and on several
devices together. Captures see each frame at the device and at the ifb. What a stack sends on it ends there: it asks for no addresses (NOARP). While it is
down, what those devices receive is lost.`,
  example: `{ kind: ifb, name: ifb0, from: [eth1] }`,
  schema: z
    .strictObject({
      kind: z.literal('ifb'),
      name: localDevice.describe('Name of the device: `device` or `namespace:device`'),
      from: z
        .array(localDevice)
        .default([])
        .describe('Devices whose incoming frames go by it, in the same namespace'),
      mac: macField.optional(),
      duplicate: duplicateField,
      mtu: mtuField.optional(),
    })
    .refine(
      ({ name, from }) =>
        from.every((one) => parseLocal(one).namespace === parseLocal(name).namespace),
      { path: ['from'], error: 'write devices of the namespace that the ifb is in' },
    ),
  kernelKind: 'ifb',
  requirements: ({ from }) => (from.length > 0 ? [{ check: 'tc-redirect' }] : []),
  makes: ({ name, mac, mtu }) => [{ ...parseLocal(name), path: ['name'], mac, mtu }],
  lowers: ({ from }) =>
    from.map((one, index) => ({
      ...{ ...parseLocal(one), path: ['from', index], slot: 'the redirection' },
    })),
  plan({ name, from, mtu }, context) {
    const self = parseLocal(name);
    const { stack, ...place } = context.inside(self.namespace);
    const id = context.hopId(self);
    return [
      device.of({
        ...{ ...place, id: `ifb ${id}`, makes: [id], in: [stack], why: `ifb ${name}` },
        wanted: {
          ...{ device: self.name, mac: context.mac(self), kind: 'ifb', options: {} },
          ...(mtu !== undefined && { mtu }),
        },
      }),
      ...from.map((text) => {
        const source = parseLocal(text);
        const receiver = context.hopId(source);
        return redirect.of({
          ...{ ...place, id: `redirect ${receiver}`, in: [stack, receiver, id] },
          wanted: { from: source.name, to: self.name, inside: true },
          why: `what ${localText(source)} receives goes by ${name}`,
        });
      }),
    ];
  },
  hops: ({ name }, context) => ({
    hops: [context.hop(parseLocal(name), 'ifb', { isSink: true })],
    edges: [],
  }),
});
