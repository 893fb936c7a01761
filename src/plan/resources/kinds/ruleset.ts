import { defineResource } from '../define.js';
import { readFrom } from '../look.js';

const nft = (rules: string) => [{ do: { tool: 'nft', rules } as const }];

/** The tables that a text makes, `FAMILY NAME`; the family is `ip` where none is said. */
const tablesIn = (text: string): readonly string[] =>
  Array.from(
    text.matchAll(/^\s*table\s+(?:(ip6?|inet|arp|bridge|netdev)\s+)?([\w./-]+)\s*\{/gm),
    ([, family = 'ip', name = '']) => `${family} ${name}`,
  );

/** The packet filter of a stack of a node, all of which is the lab's: nft(8). */
export const ruleset = defineResource<{ readonly text: string }>({
  type: 'ruleset',
  noun: 'packet filter',
  stage: () => 'inside',
  make: ({ text }) => nft(text),
  remove: () => nft('flush ruleset'),
  change: (_, { text }) => nft(`flush ruleset\n${text}`),
  questions: (_, where) => [{ where, what: 'tables' }],
  read: ({ text }, look, { where }) =>
    readFrom(look(where, 'tables'), { text }, (tables) => ({
      text: tablesIn(text).every((table) => tables.includes(table)) ? text : '',
    })),
});
