import { defineTool } from './define.js';

/** nft(8): the rules of one stack as one transaction, all or nothing. */
export const nft = defineTool({
  name: 'nft',
  max: 1,
  group: () => '',
  batch: ([command]) => ({
    argv: ['nft', '-f', '-'],
    input: `${command?.rules.trimEnd() ?? ''}\n`,
  }),
});
