import { PatchlabError } from '../../../errors.js';
import { isFilterFamily, labOfTable, removeTables } from '../../../plan/host-filter.js';
import { tryCommand } from '../../command.js';
import { defineThing } from '../define.js';

/** The tables of nftables by name, those of families that labs have none in left out; nothing where nft(8) does not answer: `list tables`, libnftables-json(5). */
async function readTables(): Promise<ReadonlyMap<string, true> | undefined> {
  try {
    const { exitCode, stdout } = await tryCommand(['nft', '-j', 'list', 'tables']);
    if (exitCode !== 0) return undefined;
    const { nftables } = JSON.parse(stdout) as {
      nftables: readonly { readonly table?: { readonly family: string; readonly name: string } }[];
    };
    return new Map(
      nftables.flatMap(({ table }) =>
        table && isFilterFamily(table.family) ? [[table.name, true]] : [],
      ),
    );
  } catch (error) {
    // A lab was built with it, so its absence tells nothing.
    if (error instanceof PatchlabError && error.code === 'command/missing') return undefined;
    throw error;
  }
}

/** The tables of nftables that have one name, in any family. The name, which is the lab's alone, is the mark. */
export const nftTable = defineThing({
  type: 'nft-table',
  noun: 'nftables table',
  mark: (lab) => `it has the name of the table that keeps lab ${lab} off the host`,
  endsWithBoot: true,
  read: readTables,
  isOurs: () => true,
  async marked() {
    return [...((await readTables())?.keys() ?? [])].flatMap((name) => {
      const lab = labOfTable(name);
      return lab === undefined ? [] : [{ lab, owned: { type: 'nft-table', name } }];
    });
  },
  removal: ({ name }) => ['stacks', { tool: 'nft', rules: removeTables(name) }],
});
