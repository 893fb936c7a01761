import { z } from 'zod';
import { impairment } from './impair.js';
import { changes } from './plan.js';
import { version } from './version.js';

/** What `status` and `list` print with `--json`. */

const labState = z
  .enum(['up', 'partial', 'building', 'damaged', 'unknown'])
  .describe(
    'As it is on the host: `partial` where something is missing or a guest does not run, `unknown` where a daemon that would know does not answer',
  );

const device = z
  .strictObject({
    stack: z.string().describe('`sw1`, or `sw1/c1` for an inner namespace'),
    name: z.string(),
    device: z.string(),
    isPort: z.boolean(),
    state: z.enum(['up', 'down', 'absent', 'unknown']),
    kind: z.string().nullable(),
    mac: z.string().nullable(),
    mtu: z.int().nullable(),
    master: z.string().nullable().describe('The bridge or bond that it is a port of'),
    addresses: z.array(z.string()).nullable(),
    differs: z.array(z.string()).describe('What is there and not in the file'),
  })
  .describe('A device as it was read; `null` is what could not be read');

const status = z.strictObject({
  lab: z.string(),
  state: labState,
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.string(),
      domain: z.string().optional().describe('Name of the libvirt domain'),
      netns: z.string().optional().describe('Name of the network namespace'),
      state: z.string(),
      unread: z.string().nullable().describe('Why its inside could not be read'),
      log: z
        .strictObject({ path: z.string(), lines: z.array(z.string()) })
        .nullable()
        .describe('The end of what a guest wrote that does not run or does not answer'),
      ports: z.array(device).describe('The ends of its links'),
      devices: z.array(device).describe('All other devices, also in its inner namespaces'),
    }),
  ),
  links: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      state: z.enum(['up', 'cut', 'partial', 'unknown']),
      impaired: z
        .array(
          z.strictObject({
            end: z.string(),
            impairment,
            live: z.boolean().describe('By `patchlab impair`, and not by the file'),
          }),
        )
        .describe('Ends that impair what they send'),
      hops: z.array(
        z.strictObject({
          host: z.string().describe('`local`, or `guest:NODE`'),
          netns: z.string().optional(),
          device: z.string(),
          kind: z.string(),
          present: z.boolean().nullable().describe('`null`: it could not be looked for'),
        }),
      ),
    }),
  ),
  unread: z
    .array(z.string())
    .describe('Why something of it on this machine could not be read, a sentence each'),
  drift: changes.describe('What is not as it was built: `up` mends it'),
});

/** Result of `status`. */
export const statusResult = z.union([
  status.extend({ version }),
  z.strictObject({ version, labs: z.array(status) }),
]);

/** Result of `list`. */
export const listResult = z.strictObject({
  version,
  labs: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string().optional(),
      state: labState,
      created: z.iso.datetime().nullable(),
      nodes: z.int().nullable(),
      links: z.int().nullable(),
      problem: z.string().nullable().describe('Why what is stored of it cannot be used'),
    }),
  ),
});
