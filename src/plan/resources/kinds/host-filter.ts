import { filterRules, removeTables, type HostDevices } from '../../host-filter.js';
import { defineResource, type Act } from '../define.js';

interface HostFilterState extends HostDevices {
  /** Name of the table in each family. */
  readonly table: string;
}

const nft = (rules: string): readonly Act[] => [{ do: { tool: 'nft', rules } }];

/** The tables that keep a lab off this machine's own IP stack. One transaction puts new ones in the place of the old. */
export const hostFilter = defineResource<HostFilterState>({
  type: 'host-filter',
  noun: 'filter of the host',
  stage: () => 'stacks',
  owns: ({ table }) => ({ type: 'nft-table', name: table }),
  make: ({ table, ...devices }) => nft(filterRules(table, devices)),
  remove: ({ table }) => nft(removeTables(table)),
  change: (_, { table, ...devices }) =>
    nft(`${removeTables(table)}\n${filterRules(table, devices)}`),
});
