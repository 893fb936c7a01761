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
