import { wireguardText } from '../wireguard-config.js';
import { defineTool } from './define.js';

/** wg(8): what a device is told as a whole; peers that are not named any more go. A key is never an argument, which all could read. */
export const wg = defineTool({
  name: 'wg',
  max: 1,
  group: () => '',
  batch: ([command]) => ({
    // Not /dev/stdin: a guest has none.
    argv: ['wg', 'syncconf', command?.device ?? '', '/proc/self/fd/0'],
    input: command ? wireguardText(command.config) : '',
  }),
});
