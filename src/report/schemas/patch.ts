import { z } from 'zod';
import { version } from './version.js';

const patches = z.array(z.tuple([z.string(), z.string()]));

/** Result of `patch`. */
export const patchResult = z.strictObject({
  version,
  lab: z.string(),
  link: z.string().describe('The panel'),
  patches: patches.describe('Ports that are cross-connected, two by two'),
  open: z.array(z.string()).describe('Ports that are patched to nothing'),
  file: patches.describe('As the file of the lab has it'),
  changed: z.boolean().describe('`false` where it was so already'),
  ms: z.number().describe('Milliseconds'),
});
