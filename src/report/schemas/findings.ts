import { z } from 'zod';

/** Something that a verification found without being asked. */
export const finding = z.strictObject({
  kind: z.string().describe('Name of the file in src/verify/findings/'),
  severity: z
    .enum(['error', 'warning'])
    .describe('`error` contradicts the topology, and the exit code says so'),
  where: z.array(z.string()).describe('Ports or devices'),
  what: z.string(),
  why: z.string(),
  fix: z.string(),
});

/** A neighbour of a port, as LLDP and the topology have it. */
export const neighbour = z.strictObject({
  port: z.string().describe('The port that listened'),
  neighbour: z.string().describe('The other port, or what it says of itself'),
  state: z
    .enum(['expected', 'relayed', 'missing', 'unexpected', 'unknown'])
    .describe(
      '`expected`: at the other end of the cable; `relayed`: behind bridges that hand LLDP on; `missing`: not heard; `unexpected`: not there by the topology; `unknown`: nobody could listen',
    ),
  chassis: z.string().nullable(),
  predicted: z
    .enum(['pass', 'drop', 'random'])
    .nullable()
    .describe(
      'What becomes of LLDP on the cable; a neighbour that is missing as predicted is no fault',
    ),
  reason: z.string().nullable(),
});
