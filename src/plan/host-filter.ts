/**
 * What keeps a lab off the machine's own IP stack. Each device that a lab has on the host is a device of the host's stack
 * too, which answers ARP for every address of the host on all of them, takes packets for their MACs, and speaks on them
 * by itself. Tables of nftables that belong to the lab drop both ways: nft(8), ADDRESS FAMILIES.
 */

const PREFIX = 'patchlab.';

/** The lab that a table keeps off the host; nothing where it is another table. */
export const labOfTable = (table: string): string | undefined =>
  isHostFilter(table) ? table.slice(PREFIX.length) : undefined;

/** Name of a lab's table in each family. The prefix is its mark. */
export const filterTable = (lab: string): string => `${PREFIX}${lab}`;

/** Is it a table that keeps a lab off the host? It drops nothing that belongs to the lab's own traffic. */
export const isHostFilter = (table: string): boolean => table.startsWith(PREFIX);

/** The devices of a lab in the host's own namespace. */
export interface HostDevices {
  /** Bridges of the kernel. */
  readonly bridges: readonly string[];
  /** All others. */
  readonly others: readonly string[];
  /** Real interfaces that are ports of those bridges, and otherwise the machine's own. */
  readonly uplinks?: readonly string[];
}

/** Before anything else looks at a packet, such as the reassembly of fragments for connection tracking (linux/netfilter_ipv4.h, NF_IP_PRI_RAW_BEFORE_DEFRAG). */
const PRIORITY = -450;

/** The frames of spanning tree come to the reserved group addresses, and so may packets. */
const RESERVED = 'ether daddr & ff:ff:ff:ff:ff:f0';
/** What the IP stack would take. A tag may hide a packet: one with VID 0 is as good as none. */
const PACKETS = 'meta protocol { ip, arp, ip6, 8021q, 8021ad }';

/** What is dropped at each hook of each address family. */
const TABLES = {
  arp: { input: ['iifname $lab'], output: ['oifname $lab_all'] },
  inet: { prerouting: ['iifname $lab'], output: ['oifname $lab_all'] },
  bridge: {
    input: [
      `iifname $lab_ports ${RESERVED} != 01:80:c2:00:00:00`,
      `iifname $lab_ports ${RESERVED} == 01:80:c2:00:00:00 ${PACKETS}`,
    ],
  },
} as const;

/** Has a lab a table in an address family? */
export const isFilterFamily = (family: string): boolean => Object.hasOwn(TABLES, family);

const define = (name: string, words: readonly string[]): string =>
  `define ${name} = {\n${words.map((word) => `  ${word},\n`).join('')}}\n`;

const quoted = (names: readonly string[]): readonly string[] => names.map((name) => `"${name}"`);

const chain = ([hook, matches]: readonly [string, readonly string[]]): string =>
  `  chain ${hook} {
    type filter hook ${hook} priority ${PRIORITY}
${matches.map((match) => `    ${match} counter drop\n`).join('')}  }
`;

/**
 * The rules, as nft(8) reads them; one transaction makes all or none. Devices are known by name, so the rules can be
 * there before the devices are. What a bridge of the kernel would hand up to its own device is dropped inside the bridge,
 * by the port that it came by, and not by the name of the bridge: with br_netfilter, packets that are only bridged pass the
 * hooks of IP as if the bridge's device had received them.
 * @param name - of the table in each family
 */
export const filterRules = (name: string, { bridges, others, uplinks = [] }: HostDevices): string =>
  [
    define('lab', quoted(others)),
    ...(uplinks.length === 0 ? [] : [define('lab_ports', ['$lab', ...quoted(uplinks)])]),
    define('lab_all', ['$lab', ...quoted(bridges)]),
    ...Object.entries(TABLES).map(
      ([family, chains]) =>
        `table ${family} ${name} {\n${Object.entries(chains).map(chain).join('')}}\n`,
    ),
  ]
    .join('')
    .replaceAll('$lab_ports', uplinks.length === 0 ? '$lab' : '$lab_ports');

/** Remove the tables of a lab, also where some are gone: what is added first is there. */
export const removeTables = (name: string): string =>
  Object.keys(TABLES)
    .map((family) => `add table ${family} ${name}; delete table ${family} ${name}`)
    .join('; ');
