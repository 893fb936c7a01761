/** Packet filters of a file, a lab for each, and what they drop there. */

const isPolicy = (rule: string): boolean => rule.startsWith('policy');

/** A table of one chain with a rule before the others that matches nothing of the lab. */
const chain = (family: string, hook: string, rules: string, more = ''): string => {
  const decoys: Readonly<Record<string, string>> = {
    arp: 'arp saddr ip 192.0.2.9 drop',
    ip6: 'udp dport 53 drop; ip6 saddr 2001:db8::9 drop',
    bridge: 'iifname "eth9" drop; ether type 0x88cc drop',
  };
  const decoy = decoys[family] ?? 'iifname "eth9" drop; udp dport 53 drop; ip saddr 192.0.2.9 drop';
  // nft takes the policy before the rules alone.
  const own = rules.split('; ');
  const sorted = [...own.filter(isPolicy), decoy, ...own.filter((rule) => !isPolicy(rule))];
  const head = `type filter hook ${hook} ${more} priority 0`;
  return `table ${family} ${family}_${hook} { chain c { ${[head, ...sorted].join('; ')}; }; }\n`;
};

/** What is laid out: `a` and `b` on a cable, `r` between two of them, or `h` with a bridge and two namespaces. */
export interface FilterRow {
  readonly at: 'a' | 'b' | 'r' | 'h';
  readonly nft: string;
  readonly family?: 4 | 6;
  readonly sysctls?: Readonly<Record<string, number>>;
  /** Which frame dies where, and the words that the reason must have; nothing where it arrives. */
  readonly dies?: readonly [where: string, words: string];
  /** Not for sure. */
  readonly may?: string;
}

const ON = Object.fromEntries(
  ['iptables', 'ip6tables'].map((name) => [`net.bridge.bridge-nf-call-${name}`, 1]),
);
const OFF = Object.fromEntries(Object.keys(ON).map((key) => [key, 0]));

export const FILTER_ROWS: readonly FilterRow[] = [
  {
    at: 'a',
    nft: chain('ip', 'output', 'icmp type echo-request drop'),
    dies: ['echo request at a stack', 'hook output'],
  },
  {
    at: 'a',
    nft: chain('inet', 'postrouting', 'oifname "eth1" ip daddr 10.0.0.2 drop'),
    dies: ['echo request at a stack', 'hook postrouting'],
  },
  {
    at: 'a',
    nft: chain('arp', 'output', 'arp operation request drop'),
    dies: ['ARP request at a stack', 'table arp'],
  },
  {
    at: 'b',
    nft: chain('arp', 'input', 'policy drop'),
    dies: ['ARP reply at b stack', '`policy drop`'],
  },
  {
    at: 'b',
    nft: chain('arp', 'output', 'arp operation reply drop'),
    dies: ['ARP reply at b stack', 'hook output'],
  },
  {
    at: 'a',
    nft: chain('arp', 'input', 'arp operation reply drop'),
    dies: ['echo request at a stack', 'arp operation reply drop'],
  },
  {
    at: 'b',
    nft: chain('netdev', 'ingress', 'icmp type echo-request drop', 'device eth1'),
    dies: ['echo reply at b stack', 'hook ingress'],
  },
  {
    at: 'b',
    nft: chain('inet', 'ingress', 'policy drop', 'device eth1'),
    dies: ['echo reply at b stack', 'table inet'],
  },
  {
    at: 'a',
    nft: chain('netdev', 'egress', 'ether type arp drop', 'device eth1'),
    dies: ['ARP request at a:eth1', 'hook egress'],
  },
  {
    at: 'b',
    family: 6,
    nft: chain('ip6', 'input', 'icmpv6 type nd-neighbor-solicit drop'),
    dies: ['neighbor advertisement at b stack', 'nd-neighbor-solicit'],
  },
  {
    at: 'b',
    family: 6,
    nft: chain('inet', 'prerouting', 'icmpv6 type echo-request drop'),
    dies: ['echo reply at b stack', 'hook prerouting'],
  },
  { at: 'b', family: 6, nft: chain('ip', 'input', 'policy drop') },
  { at: 'b', nft: chain('ip6', 'input', 'policy drop') },
  {
    at: 'b',
    nft: chain('inet', 'input', 'policy drop; ct state established,related accept'),
    dies: ['echo reply at b stack', '`policy drop`'],
  },
  {
    at: 'b',
    nft:
      chain('ip', 'input', 'policy drop; icmp type echo-request ct state new accept') +
      chain('ip', 'output', 'policy drop; ct state established accept'),
  },
  {
    at: 'b',
    nft: chain('ip', 'input', 'policy drop; limit rate 1000/second accept'),
    may: 'limit rate 1000/second',
  },
  {
    at: 'r',
    nft: chain('inet', 'forward', 'policy drop; iifname "eth1" icmp type echo-request accept'),
    dies: ['echo reply after r at r stack', '`policy drop`'],
  },
  {
    at: 'r',
    nft: chain('ip', 'forward', 'icmp type echo-request ip ttl 63 drop'),
    dies: ['echo request after r at r stack', 'ip ttl 63 drop'],
  },
  { at: 'r', nft: chain('ip', 'forward', 'icmp type echo-request ip ttl 64 drop') },
  {
    at: 'r',
    nft: chain('ip', 'prerouting', 'icmp type echo-reply ct state established drop'),
    dies: ['echo reply after r at r stack', 'ct state established'],
  },
  { at: 'r', nft: chain('ip', 'prerouting', 'icmp type echo-reply ct state invalid drop') },
  {
    at: 'r',
    family: 6,
    nft: chain('ip6', 'postrouting', 'oifname "eth2" icmpv6 type echo-request drop'),
    dies: ['echo request after r at r stack', 'hook postrouting'],
  },
  { at: 'r', nft: chain('inet', 'input', 'policy drop') },
  {
    at: 'h',
    nft: chain('bridge', 'forward', 'ip saddr 10.0.0.1 drop'),
    dies: ['echo request at h:br0', 'table bridge'],
  },
  {
    at: 'h',
    nft: chain('bridge', 'prerouting', 'iifname "p2" ether type arp drop'),
    dies: ['ARP reply at h:br0', 'hook prerouting'],
  },
  {
    at: 'h',
    sysctls: ON,
    nft: chain('ip', 'forward', 'iifname "br0" icmp type echo-request drop'),
    dies: ['echo request at h:br0', 'br_netfilter leads bridged IPv4'],
  },
  {
    at: 'h',
    family: 6,
    sysctls: ON,
    nft: chain('ip6', 'forward', 'policy drop'),
    dies: ['neighbor solicitation at h:br0', 'br_netfilter leads bridged IPv6'],
  },
  { at: 'h', sysctls: OFF, nft: chain('ip', 'forward', 'policy drop') },
  {
    at: 'h',
    nft: chain('netdev', 'ingress', 'arp operation reply drop', 'device p2'),
    dies: ['ARP reply at h:p2', 'hook ingress'],
  },
];

/** The nodes, links and check of a row; names of nodes end in its number. */
export function filterLab({ at, nft, family = 4, sysctls = {} }: FilterRow, index: number) {
  const named = (node: string): string => `${node}${index}`;
  const node = (name: string, spec: object) => ({
    [named(name)]: { kind: 'netns', ...spec, ...(name === at && { nft }) },
  });
  const on = (net: number, host: number) => [`10.0.${net}.${host}/24`, `fd00:${net}::${host}/64`];
  if (at === 'h') {
    const devices = [
      { kind: 'veth', name: 'p1', peer: 'x1:eth1' },
      { kind: 'veth', name: 'p2', peer: 'x2:eth1' },
      { kind: 'bridge', name: 'br0', members: ['p1', 'p2'] },
    ];
    const addresses = { 'x1:eth1': on(0, 1), 'x2:eth1': on(0, 2) };
    return {
      nodes: node('h', { namespaces: ['x1', 'x2'], devices, addresses, sysctls }),
      links: [],
      check: { probe: 'icmp', family, from: `${named('h')}/x1`, to: `${named('h')}/x2` },
    };
  }
  const check = { probe: 'icmp', family, from: named('a'), to: `${named('b')}:eth1` };
  const link = (...ends: readonly (readonly [string, string])[]) => ({
    ...{ kind: 'veth', ends: ends.map(([name, port]) => `${named(name)}:${port}`) },
  });
  if (at !== 'r')
    return {
      nodes: {
        ...node('a', { addresses: { eth1: on(0, 1) } }),
        ...node('b', { addresses: { eth1: on(0, 2) } }),
      },
      links: [link(['a', 'eth1'], ['b', 'eth1'])],
      check,
    };
  const routes = (net: number) => [
    { to: 'default', via: `10.0.${net}.9` },
    { to: 'default', via: `fd00:${net}::9` },
  ];
  return {
    nodes: {
      ...node('a', { addresses: { eth1: on(1, 1) }, routes: routes(1) }),
      ...node('r', {
        addresses: { eth1: on(1, 9), eth2: on(2, 9) },
        sysctls: { 'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.forwarding': 1 },
      }),
      ...node('b', { addresses: { eth1: on(2, 1) }, routes: routes(2) }),
    },
    links: [link(['a', 'eth1'], ['r', 'eth1']), link(['r', 'eth2'], ['b', 'eth1'])],
    check,
  };
}

/** A text of such a lab, with the names that all of them have. */
export const unnumbered = (text: string): string => text.replace(/\b([abhr])\d+/g, '$1');
