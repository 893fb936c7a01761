import { defineResource } from '../define.js';

const nft = (rules: string) => [{ do: { tool: 'nft', rules } as const }];

/** The packet filter of a stack of a node, all of which is the lab's: nft(8). */
export const ruleset = defineResource<{ readonly text: string }>({
  type: 'ruleset',
  noun: 'packet filter',
  stage: () => 'inside',
  make: ({ text }) => nft(text),
  remove: () => nft('flush ruleset'),
  change: (_, { text }) => nft(`flush ruleset\n${text}`),
});
