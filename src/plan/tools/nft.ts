import { defineTool } from './define.js';

/** nft(8): each command is one transaction. Rules of several lines go in as a file, a single line as a word. */
export const nft = defineTool({
  name: 'nft',
  max: 1,
  group: () => '',
  batch([command]) {
    const rules = command?.rules ?? '';
    return rules.includes('\n')
      ? { argv: ['nft', '-f', '-'], input: rules }
      : { argv: ['nft', rules] };
  },
});
