import { link, type Change } from './fault.js';

/** What stands beside a fault and has nothing to do with it: filters, settings and links that no blame may name. */
export interface Decoys {
  /** Can be done again. */
  readonly put: readonly Change[];
  readonly take: readonly Change[];
}

/** A table of rules, in the place of the one of that name. */
const table = (stack: string, family: string, ...chains: readonly string[]): Change => [
  ...([stack, 'nft'] as const),
  [
    `add table ${family} decoy; delete table ${family} decoy; table ${family} decoy {`,
    ...chains.map((chain, index) => `chain c${index} { ${chain} ; }`),
    '}',
  ].join('\n'),
];

/** An address that nobody in the labs has, and a MAC. */
const STRANGER = '192.0.2.7';
const NOBODY = '02:00:00:00:00:ee';

/** Filters and neighbours of a node that drop nothing of what goes from port to port of one segment by IPv4. */
const inNode = (stack: string): readonly Change[] => [
  table(
    stack,
    'inet',
    'type filter hook forward priority 0 ; policy drop',
    'type filter hook input priority 0 ; tcp dport 22 drop ; meta l4proto udp drop ; ip saddr 192.0.2.0/24 drop',
    'type filter hook output priority 0 ; oifname "other" drop ; icmp type destination-unreachable drop',
  ),
  table(stack, 'ip6', 'type filter hook input priority 0 ; policy drop'),
  table(
    stack,
    'arp',
    'type filter hook input priority 0 ; arp saddr ip 192.0.2.1 drop ; iifname "other" drop',
  ),
  table(
    stack,
    'netdev',
    'type filter hook ingress device lo priority 0 ; policy drop',
    'type filter hook ingress device eth1 priority 0 ; ether type 0x88b6 drop',
  ),
  [stack, 'sysctl', '-qw', 'net.ipv6.icmp.echo_ignore_all=1'],
  [stack, 'ip', 'neigh', 'replace', STRANGER, 'lladdr', NOBODY, 'dev', 'eth1', 'nud', 'permanent'],
];

const onHost: readonly Change[] = [
  table('host', 'arp', 'type filter hook input priority 0 ; policy drop'),
  table('host', 'ip6', 'type filter hook forward priority 0 ; policy drop'),
  table('host', 'inet', 'type filter hook forward priority 0 ; tcp dport 22 drop'),
  table(
    'host',
    'bridge',
    'type filter hook input priority 0 ; policy drop',
    'type filter hook forward priority 0 ; ether type 0x88b6 drop ; iifname "other" drop',
  ),
];

const offHost: readonly Change[] = ['arp', 'ip6', 'inet', 'bridge'].map((family) => [
  ...(['host', 'nft', 'delete', 'table', family, 'decoy'] as const),
]);

/** A tc filter for frames that nobody sends. */
const tc = (stack: string, device: string): readonly Change[] => [
  [stack, 'tc', 'qdisc', 'replace', 'dev', device, 'clsact'],
  ...['ingress', 'egress'].map((direction): Change => [
    stack,
    ...['tc', 'filter', 'replace', 'dev', device, direction, 'pref', '7', 'handle', '800::800'],
    ...['protocol', '0x88b6', 'u32', 'match', 'u32', '0', '0'],
    ...['action', 'mirred', 'egress', 'redirect', 'dev', 'lo'],
  ]),
];

const NODES = ['a', 'b', 'c', 'd', 'e', 'f'];

export const cableDecoys: Decoys = {
  put: [
    ...NODES.flatMap(inNode),
    ...onHost,
    ...tc('host', '{d:eth1 veth}'),
    link('g', 'eth1', 'down'),
  ],
  take: [
    ...offHost,
    ['host', 'tc', 'qdisc', 'del', 'dev', '{d:eth1 veth}', 'clsact'],
    ...NODES.flatMap((stack) => [
      ...['inet', 'ip6', 'arp', 'netdev'].map((family): Change => [
        ...([stack, 'nft', 'delete', 'table', family, 'decoy'] as const),
      ]),
      [stack, 'sysctl', '-qw', 'net.ipv6.icmp.echo_ignore_all=0'] as const,
      [stack, 'ip', 'neigh', 'del', STRANGER, 'dev', 'eth1'] as const,
    ]),
    link('g', 'eth1', 'up'),
  ],
};

const GUESTS = ['sw1', 'sw2'];

export const guestDecoys: Decoys = {
  put: [...onHost, ...GUESTS.flatMap(inNode)],
  take: offHost,
};
