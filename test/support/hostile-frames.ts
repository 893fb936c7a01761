import { isIPv6 } from 'node:net';

/** Frames by which somebody in a lab would talk to the machine that the lab runs on, as hexadecimal without checksum. */

const hex16 = (value: number): string => value.toString(16).padStart(4, '0');
const macHex = (mac: string): string => mac.replaceAll(':', '');
const ipHex = (ip: string): string =>
  ip
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('');

/** An IPv6 address, with `::` in it. */
function ip6Hex(ip: string): string {
  const [head = [], tail = []] = ip.split('::').map((half) => half.split(':').filter(Boolean));
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...gap, ...tail].map((part) => part.padStart(4, '0')).join('');
}

/** Ones' complement sum of RFC 1071. */
function checksum(hex: string): string {
  let sum = 0;
  for (const word of hex.match(/.{1,4}/g) ?? []) sum += Number.parseInt(word.padEnd(4, '0'), 16);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return hex16(~sum & 0xffff);
}

/** Write the checksum over a pseudo-header into a message, `at` hexadecimal digits from its start. */
const summed = (message: string, at: number, pseudo: string): string =>
  message.slice(0, at) + checksum(pseudo + message) + message.slice(at + 4);

interface Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly body: string;
  /** Where the checksum is in the body, in hexadecimal digits. */
  readonly sumAt: number;
}

function packet({ from, to, protocol, body, sumAt }: Packet): string {
  const length = body.length / 2;
  const proto = protocol.toString(16).padStart(2, '0');
  if (isIPv6(to)) {
    const ends = ip6Hex(from) + ip6Hex(to);
    const pseudo = `${ends}0000${hex16(length)}000000${proto}`;
    return `86dd60000000${hex16(length)}${proto}ff${ends}${summed(body, sumAt, pseudo)}`;
  }
  const ends = ipHex(from) + ipHex(to);
  // The pseudo-header is UDP's alone; ICMP has none (RFC 792).
  const pseudo = protocol === UDP ? `${ends}00${proto}${hex16(length)}` : '';
  const head = (sum: string) => `4500${hex16(20 + length)}0000400040${proto}${sum}${ends}`;
  return `0800${head(checksum(head('0000')))}${summed(body, sumAt, pseudo)}`;
}

const [ICMP, UDP, ICMP6] = [1, 17, 58] as const;

const echo = (from: string, to: string): string =>
  isIPv6(to)
    ? packet({ from, to, protocol: ICMP6, body: `8000000000010001${'5a'.repeat(16)}`, sumAt: 4 })
    : packet({ from, to, protocol: ICMP, body: `0800000000010001${'5a'.repeat(16)}`, sumAt: 4 });

const datagram = (from: string, to: string, port: number, text: string): string => {
  const body = Buffer.from(text).toString('hex');
  const head = `${hex16(port)}${hex16(port)}${hex16(8 + body.length / 2)}0000`;
  return packet({ from, to, protocol: UDP, body: head + body, sumAt: 12 });
};

const arpRequest = (mac: string, sender: string, target: string): string =>
  `08060001080006040001${macHex(mac)}${ipHex(sender)}000000000000${ipHex(target)}`;

const solicitation = (mac: string, from: string, target: string): string =>
  packet({
    ...{ from, to: target, protocol: ICMP6, sumAt: 4 },
    body: `8700000000000000${ip6Hex(target)}0101${macHex(mac)}`,
  });

/** What is attacked, and who does it. */
export interface Attack {
  /** MAC of the attacker. */
  readonly mac: string;
  /** MACs of the devices that it sends to. */
  readonly targets: readonly string[];
  /** Addresses of the machine, and those that the attacker claims in their subnets. */
  readonly host: readonly [ip4: string, ip6: string];
  readonly own: readonly [ip4: string, ip6: string];
  /** UDP port at which the machine listens. */
  readonly port: number;
  /** What is written into datagrams, by which the listener knows from where one came. */
  readonly token: string;
}

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
/** A reserved group (LLDP's): a bridge keeps it to the port. */
const RESERVED = '01:80:c2:00:00:0e';
/** Neighbour solicitations and all nodes. */
const ALL_NODES = '33:33:00:00:00:01';
/** A tag that says priority only: the packet behind it is as good as without (IEEE 802.1Q, VID 0). */
const PRIORITY_TAG = '81000000';

/**
 * ARP, echo requests and datagrams for the machine's addresses, of both families: to each target's MAC, to broadcast, and to
 * groups; to groups also behind one or two priority tags.
 */
export function hostileFrames(attack: Attack): readonly string[] {
  const { mac, targets, host, own, port, token } = attack;
  const payloads = [
    arpRequest(mac, own[0], host[0]),
    // Whether an address is free: RFC 5227, 1.1. It has no sender that a reverse path could be asked of.
    arpRequest(mac, '0.0.0.0', host[0]),
    solicitation(mac, own[1], host[1]),
    ...[0, 1].flatMap((family) => {
      const [from = '', to = ''] = [own[family], host[family]];
      return [echo(from, to), datagram(from, to, port, token)];
    }),
    // As a client of DHCP sends.
    datagram('0.0.0.0', '255.255.255.255', port, token),
  ];
  const to = (destinations: readonly string[], tags: string): readonly string[] =>
    destinations.flatMap((dst) =>
      payloads.map((payload) => macHex(dst) + macHex(mac) + tags + payload),
    );
  const groups = [BROADCAST, RESERVED, ALL_NODES];
  return [
    ...to([...targets, ...groups], ''),
    ...to(groups, PRIORITY_TAG),
    ...to(groups, PRIORITY_TAG.repeat(2)),
  ];
}

/** EtherType for local experiments (IEEE 802), which nobody answers: it shows that all before it have arrived. */
export const lastFrame = (mac: string): string =>
  `${macHex(BROADCAST)}${macHex(mac)}88b5${'00'.repeat(46)}`;
