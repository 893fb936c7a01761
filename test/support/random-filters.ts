import type { Random } from './random.js';

/** Packet filters by chance for the nodes of a lab: some that drop what passes, and some that have nothing to do with it. */

/** Where a filter is: its own ports, and the addresses of the lab. */
export interface Filtered {
  readonly ports: readonly string[];
  readonly addresses: readonly string[];
}

/** In the name of whatever no verdict may name: here of tables of which every rule looks at something that is never on the way. */
export const DECOY = 'decoy';

/** @param at - hook and what stands behind it */
const chain = (family: string, name: string, at: string, ...rules: readonly string[]): string =>
  `table ${family} ${name} { chain c { type filter hook ${at}; ${rules.join('; ')}; }; }\n`;

type Draw = (random: Random, filtered: Filtered) => string;

const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;

const at = (random: Random): string => `${random.pick(HOOKS)} priority ${random.below(40) - 20}`;
const by = (random: Random, { ports }: Filtered): string =>
  random.chance(0.4) ? `iifname "${random.pick(ports)}" ` : '';

const address = (random: Random, { addresses }: Filtered): string => {
  const ip = random.pick(addresses);
  return `${ip.includes(':') ? 'ip6' : 'ip'} ${random.pick(['saddr', 'daddr'])} ${ip}`;
};

/** Names of the tables differ, so that a node may have several filters. */
const FILTERS: readonly Draw[] = [
  (random, filtered) =>
    chain('inet', 'echoes', at(random), `${by(random, filtered)}icmp type echo-request drop`),
  (random, filtered) =>
    chain('inet', 'echoes6', at(random), `${by(random, filtered)}icmpv6 type echo-reply drop`),
  (random) =>
    chain(
      ...(['arp', 'arps'] as const),
      `${random.pick(['input', 'output'])} priority 0`,
      `arp operation ${random.pick(['request', 'reply'])} drop`,
    ),
  (random, filtered) => chain('inet', 'hosts', at(random), `${address(random, filtered)} drop`),
  (random) =>
    chain(
      'ip6',
      'nd',
      `${random.pick(['input', 'output'])} priority 0`,
      'icmpv6 type nd-neighbor-solicit drop',
    ),
  (random) =>
    chain(
      ...(['inet', 'closed'] as const),
      `${random.pick(['input', 'forward'])} priority 0; policy drop`,
      'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
      random.pick([
        'ct state established,related accept',
        'icmp type echo-request accept',
        'meta l4proto { icmp, ipv6-icmp } ct state new accept',
      ]),
    ),
  (random, { ports }) =>
    chain(
      ...(['netdev', 'at_device'] as const),
      `${random.pick(['ingress', 'egress'])} device ${random.pick(ports)} priority 0`,
      random.pick([
        'ether type arp drop',
        'icmp type echo-reply drop',
        'ether type ip6 drop',
        'ether daddr 01:80:c2:00:00:0e drop',
      ]),
    ),
  (random) => chain('inet', 'rare', at(random), 'limit rate over 1000/second drop'),
];

const DECOYS: readonly Draw[] = [
  (random) => chain('inet', DECOY, at(random), 'iifname "eth9" drop', 'udp dport 53 drop'),
  (random) => chain('inet', DECOY, at(random), 'ip saddr 192.0.2.0/24 drop', 'tcp dport 22 drop'),
  (random) =>
    chain(
      'arp',
      DECOY,
      `${random.pick(['input', 'output'])} priority 0`,
      'arp saddr ip 192.0.2.1 drop',
    ),
  (random) => chain('ip6', DECOY, at(random), 'ip6 saddr 2001:db8::/32 drop'),
];

/** The text of a packet filter, or by chance none. */
export function drawFilter(random: Random, filtered: Filtered): { readonly nft?: string } {
  if (!random.chance(0.25)) return {};
  const drawn = [
    ...(random.chance(0.7) ? [random.pick(FILTERS)] : []),
    ...(random.chance(0.6) ? [random.pick(DECOYS)] : []),
  ];
  const texts = random.shuffle(drawn).map((draw) => draw(random, filtered));
  return texts.length === 0 ? {} : { nft: texts.join('') };
}
