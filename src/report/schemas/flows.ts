import { z } from 'zod';
import { version } from './version.js';

const ports = z.array(z.string());

/** What `patchlab flows --json` prints. */
export const flowsResult = z.strictObject({
  version,
  lab: z.string(),
  bridges: z.array(
    z.strictObject({
      node: z.string(),
      bridge: z.string(),
      flows: z
        .array(
          z.strictObject({
            table: z.int(),
            priority: z.int(),
            match: z.string().describe('Fields; empty where it takes all'),
            actions: z.string(),
            packets: z.int().describe('What it has matched so far'),
            bytes: z.int(),
          }),
        )
        .describe('In the words of ovs-ofctl(8)'),
      decided: z
        .strictObject({
          flows: z
            .array(
              z.strictObject({
                table: z.int(),
                match: z.string().nullable().describe('`null` where no flow takes the frame'),
              }),
            )
            .describe('The flows that decide, in their order'),
          actions: z.string().describe('What the datapath would be told to do'),
          sent: ports.describe('Ports by which the frame would leave'),
          predicted: ports
            .nullable()
            .describe('The same as the model has it; `null` where it cannot tell'),
          agree: z
            .boolean()
            .nullable()
            .describe('A switch that has learnt where the receiver is may send by fewer'),
        })
        .nullable()
        .describe('What becomes of the frame of `--frame`; else `null`'),
    }),
  ),
});
