import { LOCAL, type Step } from './step.js';

/**
 * What keeps a lab off the machine's own IP stack. Each device that a lab has on the host is a device of the host's stack
 * too, which answers ARP for every address of the host on all of them and takes packets for their MACs. Tables of
 * nftables that belong to the lab drop what would go up: nft(8), ADDRESS FAMILIES.
 */

const PREFIX = 'patchlab.';

/** Name of a lab's table in each family. The prefix is its mark. */
const filterTable = (lab: string): string => `${PREFIX}${lab}`;

/** Is it a table that keeps a lab off the host? It drops nothing that belongs to the lab's own traffic. */
export const isHostFilter = (table: string): boolean => table.startsWith(PREFIX);

/** Before anything else looks at a packet, such as the reassembly of fragments for connection tracking (linux/netfilter_ipv4.h, NF_IP_PRI_RAW_BEFORE_DEFRAG). */
const PRIORITY = -450;

/** The hook of each address family, and what is dropped there of what the lab's devices received. */
const FAMILIES = [
  { family: 'arp', hook: 'input', match: '' },
  { family: 'inet', hook: 'prerouting', match: '' },
  // The reserved group addresses are left to the bridge's own spanning tree; any other protocol comes up on the port itself.
  {
    family: 'bridge',
    hook: 'input',
    match: 'ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 ',
  },
] as const;

/**
 * The rules, as nft(8) reads them; one transaction makes all or none. Devices are known by name, so the rules can be
 * there before the devices are. What a bridge of the kernel would hand up to its own device is dropped inside the bridge,
 * by the port that it came by. The bridge's device is not listed: with br_netfilter, packets that are only bridged pass the
 * hooks of IP as if that device had received them.
 * @param devices - the lab's devices on the host but for bridges of the kernel
 */
export const filterRules = (name: string, devices: readonly string[]): string =>
  [
    `define lab = {\n${devices.map((device) => `  "${device}",\n`).join('')}}\n`,
    ...FAMILIES.map(
      ({ family, hook, match }) => `table ${family} ${name} {
  chain keep {
    type filter hook ${hook} priority ${PRIORITY}
    iifname $lab ${match}counter drop
  }
}
`,
    ),
  ].join('');

/** Remove the tables of a lab, also where some are gone: what is added first is there. */
const removal = (name: string): string =>
  FAMILIES.map(({ family }) => `add table ${family} ${name}; delete table ${family} ${name}`).join(
    '; ',
  );

/** The devices that steps make in the host's own namespace, but for bridges of the kernel. */
const devicesOf = (steps: readonly Step[]): readonly string[] => [
  ...new Set(
    steps.flatMap(({ owns }) =>
      owns?.type === 'ovs-bridge' || (owns?.type === 'link' && !owns.bridge) ? [owns.name] : [],
    ),
  ),
];

/**
 * The step that keeps a lab off the host's IP stack; none for a lab without a device on the host. It is the first of
 * all and undone last, so no device is ever without it. Pure.
 * @param steps - all other steps of the lab
 */
export function filterHost(lab: string, steps: readonly Step[]): readonly Step[] {
  const devices = devicesOf(steps);
  if (devices.length === 0) return [];
  const name = filterTable(lab);
  return [
    {
      id: `filter ${name}`,
      stage: 'stacks',
      lane: 'host',
      where: LOCAL,
      do: { tool: 'nft', rules: filterRules(name, devices) },
      undo: { tool: 'nft', rules: removal(name) },
      owns: { type: 'nft-table', name },
      why: "let nothing of the lab reach the host's own IP stack",
    },
  ];
}
