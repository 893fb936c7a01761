import { z } from 'zod';

/** Answers of the guest agent: QEMU guest agent protocol reference. What comes out of a guest is a stranger's text. */

/** Answer of `guest-exec`. */
export const started = z.looseObject({ pid: z.int().min(0) });

/** Answer of `guest-exec-status`: an exit code is what waitpid(2) gives, or what Windows does. */
export const execStatus = z.looseObject({
  exited: z.boolean(),
  exitcode: z
    .int()
    .min(-(2 ** 31))
    .max(2 ** 32 - 1)
    .optional(),
  signal: z.int().min(0).max(127).optional(),
  'out-data': z.base64().optional(),
  'err-data': z.base64().optional(),
});

/** Answer of `guest-get-time`: nanoseconds since the epoch, more than a number holds exactly. */
export const time = z.number().min(0);

/** Answer of `guest-file-open`. */
export const handle = z.int();

/** Answer of `guest-file-read`. */
export const content = z.looseObject({ 'buf-b64': z.base64() });

/** Answer of commands of which nobody reads what they answer. */
export const anything = z.unknown();
