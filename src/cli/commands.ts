import { fileCommands } from './commands-of-files.js';
import { labCommands } from './commands-of-labs.js';
import type { Entry } from './entry.js';

/** Every command, in the order of the help. */
export const commands: readonly Entry[] = [...labCommands, ...fileCommands];
