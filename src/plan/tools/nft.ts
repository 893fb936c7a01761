import { defineTool } from './define.js';

/** nft(8): each command is one transaction, all of its rules or none. */
export const nft = defineTool({
  name: 'nft',
  max: 1,
  group: () => '',
  batch: ([command]) => ({
    argv: ['nft', '-f', '-'],
    input: `${command?.rules.trimEnd() ?? ''}\n`,
  }),
});
