import { openFlowNumbers } from '../../../src/links/ovs.js';
import { macAddress } from '../../../src/plan/names.js';
import { link, type Change, type Fault } from './fault.js';

/** Faults of cables between namespaces: topology `cables.yaml`. */

/** A table of nftables with one chain and one rule. */
const nft = (stack: string, family: string, hook: string, rule: string): readonly Change[] => [
  [stack, 'nft', 'add', 'table', family, 'fault'],
  [stack, 'nft', 'add', 'chain', family, 'fault', 'c', `{ type filter hook ${hook} priority 0 ; }`],
  [stack, 'nft', 'add', 'rule', family, 'fault', 'c', ...rule.split(' ')],
];
const noNft = (stack: string, family: string): readonly Change[] => [
  [stack, 'nft', 'delete', 'table', family, 'fault'],
];

/** tc takes away everything of one Ethernet type that passes a device in one direction. */
const steal = (
  stack: string,
  device: string,
  direction: string,
  protocol: string,
): readonly Change[] => [
  [stack, 'tc', 'qdisc', 'add', 'dev', device, 'clsact'],
  [
    stack,
    ...['tc', 'filter', 'add', 'dev', device, direction, 'protocol', protocol],
    ...['u32', 'match', 'u32', '0', '0', 'action', 'mirred', 'egress', 'redirect', 'dev', 'lo'],
  ],
];
const noTc = (stack: string, device: string): readonly Change[] => [
  [stack, 'tc', 'qdisc', 'del', 'dev', device, 'clsact'],
];

const C = '{c:eth1 veth}';
const D = '{d:eth1 veth}';
const E = '{e:eth1 veth}';
const F = '{f:eth1 veth}';
const BRIDGE = '{segment bridge}';
const PANEL = '{panel panel}';

/** The cables of c and e end in each other's switch. */
const SWAP: readonly Change[] = [
  ['host', 'ovs-vsctl', 'del-port', PANEL, E],
  link('host', C, 'nomaster'),
  [
    ...(['host', 'ovs-vsctl', 'add-port', PANEL, C] as const),
    ...[
      '--',
      'set',
      'Interface',
      C,
      `ofport_request=${openFlowNumbers(['e:eth1', 'f:eth1'])('e:eth1')}`,
    ],
  ],
  link('host', E, 'master', BRIDGE),
  link('host', E, 'type', 'bridge_slave', 'group_fwd_mask', '0xfffd'),
];

export const cableFaults: readonly Fault[] = [
  {
    name: 'the receiving device is down',
    break: [link('b', 'eth1', 'down')],
    mend: [link('b', 'eth1', 'up')],
    check: 'arp a > b',
    at: 'b:eth1',
    reason: /is down/,
  },
  {
    name: 'the sending device is down',
    break: [link('a', 'eth1', 'down')],
    mend: [link('a', 'eth1', 'up')],
    check: 'lldp a > b',
    at: 'a:eth1',
    reason: /is down/,
  },
  {
    name: "the host's end of a cable is down",
    break: [link('host', C, 'down')],
    mend: [link('host', C, 'up')],
    check: 'lldp c > d',
    at: 'c:eth1 veth',
    reason: /is down/,
    passes: 'lldp e > f',
  },
  {
    name: 'ARP is off at the target',
    break: [link('b', 'eth1', 'arp', 'off')],
    mend: [link('b', 'eth1', 'arp', 'on')],
    check: 'arp a > b',
    at: 'b:eth1',
    reason: /ARP turned off/,
    passes: 'lldp a > b',
  },
  {
    name: 'the target has lost its address',
    break: [['b', 'ip', 'address', 'del', '10.0.0.2/24', 'dev', 'eth1']],
    mend: [['b', 'ip', 'address', 'add', '10.0.0.2/24', 'dev', 'eth1']],
    check: 'arp a > b',
    at: 'b:eth1',
    reason: /lost its address 10\.0\.0\.2/,
  },
  {
    name: 'the sender has lost its address',
    break: [['a', 'ip', 'address', 'del', '10.0.0.1/24', 'dev', 'eth1']],
    mend: [['a', 'ip', 'address', 'add', '10.0.0.1/24', 'dev', 'eth1']],
    check: 'icmp a > b',
    at: 'a:eth1',
    reason: /lost its address 10\.0\.0\.1/,
  },
  {
    name: 'the sender has another MAC',
    break: [link('a', 'eth1', 'address', '02:de:ad:00:00:01')],
    mend: [link('a', 'eth1', 'address', macAddress('fault-cables', 'a', 'eth1'))],
    check: 'lldp a > b',
    at: 'a:eth1',
    reason: /has the MAC 02:de:ad:00:00:01/,
  },
  {
    name: 'the target ignores echo requests',
    break: [['b', 'sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=1']],
    mend: [['b', 'sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=0']],
    check: 'icmp a > b',
    at: 'b:eth1',
    reason: /ignores echo requests/,
    passes: 'arp a > b',
  },
  {
    name: 'nftables drops ARP where it comes in',
    break: nft('b', 'netdev', 'ingress device eth1', 'ether type arp drop'),
    mend: noNft('b', 'netdev'),
    check: 'arp a > b',
    at: 'b:eth1',
    reason: /ether type arp drop/,
    passes: 'lldp a > b',
  },
  {
    name: 'nftables drops LLDP where it goes out',
    break: nft('a', 'netdev', 'egress device eth1', 'ether type 0x88cc drop'),
    mend: noNft('a', 'netdev'),
    check: 'lldp a > b',
    at: 'a:eth1',
    reason: /0x88cc drop/,
    passes: 'lldp b > a',
  },
  {
    name: "the target's ARP input is filtered",
    break: nft('b', 'arp', 'input', 'arp operation request drop'),
    mend: noNft('b', 'arp'),
    check: 'icmp a > b',
    at: 'b:eth1',
    reason: /operation request drop/,
  },
  {
    name: "the target's ICMP input is filtered",
    break: nft('b', 'inet', 'input', 'icmp type echo-request drop'),
    mend: noNft('b', 'inet'),
    check: 'icmp a > b',
    at: 'b:eth1',
    reason: /echo-request drop/,
    passes: 'arp a > b',
  },
  {
    name: 'the bridge filters ARP',
    break: nft('host', 'bridge', 'forward', 'ether type arp drop'),
    mend: noNft('host', 'bridge'),
    check: 'arp c > d',
    at: 'segment bridge',
    reason: /ether type arp drop/,
    passes: 'lldp c > d',
  },
  {
    name: 'tc takes ARP away on its way into the host',
    break: steal('host', C, 'ingress', 'arp'),
    mend: noTc('host', C),
    check: 'arp c > d',
    at: 'c:eth1 veth',
    reason: /filter of tc at the device's ingress/,
    passes: 'lldp c > d',
  },
  {
    name: 'tc takes LLDP away in one direction',
    break: steal('host', C, 'egress', '0x88cc'),
    mend: noTc('host', C),
    check: 'lldp d > c',
    at: 'c:eth1 veth',
    reason: /filter of tc at the device's egress/,
    passes: 'lldp c > d',
  },
  {
    name: 'a port has left its bridge',
    break: [link('host', C, 'nomaster')],
    mend: [
      link('host', C, 'master', BRIDGE),
      link('host', C, 'type', 'bridge_slave', 'group_fwd_mask', '0xfffd'),
    ],
    check: 'lldp c > d',
    at: 'c:eth1 veth',
    reason: /is no port of segment bridge/,
  },
  {
    name: 'a port of the bridge is disabled',
    break: [['host', 'bridge', 'link', 'set', 'dev', D, 'state', '0']],
    mend: [['host', 'bridge', 'link', 'set', 'dev', D, 'state', '3']],
    check: 'arp c > d',
    at: 'd:eth1 veth',
    reason: /in state disabled/,
  },
  {
    name: 'the MTU of a cable is lowered, which only long frames feel',
    break: [link('host', C, 'mtu', '1400')],
    mend: [link('host', C, 'mtu', '1500')],
    check: 'frame mtu c > d',
    at: 'c:eth1 veth',
    reason: /mtu is 1400, not 1500/,
    passes: 'icmp c > d',
  },
  {
    name: 'the MTU of the port by which a bridge sends is lowered',
    break: [link('host', D, 'mtu', '1400')],
    mend: [link('host', D, 'mtu', '1500')],
    check: 'frame mtu c > d',
    at: 'segment bridge',
    reason: /1400/,
    passes: 'icmp d > c',
  },
  {
    name: 'an address is given twice',
    break: [['d', 'ip', 'address', 'add', '10.0.0.1/24', 'dev', 'eth1']],
    mend: [['d', 'ip', 'address', 'del', '10.0.0.1/24', 'dev', 'eth1']],
    checks: ['arp a > b'],
    finding: 'duplicate-address',
    where: ['a:eth1 d:eth1'],
  },
  {
    name: 'two cables are swapped at the switches',
    break: SWAP,
    checks: ['lldp c > d', 'lldp d > c', 'lldp e > f', 'lldp f > e'],
    finding: 'crossed-cable',
    where: ['c:eth1 f:eth1', 'd:eth1 e:eth1'],
  },
  {
    name: 'the bridge is down',
    break: [link('host', BRIDGE, 'down')],
    mend: [link('host', BRIDGE, 'up')],
    check: 'arp c > d',
    at: 'segment bridge',
    reason: /is down/,
  },
  {
    name: 'the mask of one port is cleared',
    break: [link('host', C, 'type', 'bridge_slave', 'group_fwd_mask', '0')],
    mend: [link('host', C, 'type', 'bridge_slave', 'group_fwd_mask', '0xfffd')],
    check: 'lldp c > d',
    at: 'segment bridge',
    reason: /group_fwd_mask/,
    passes: 'lldp d > c',
  },
  {
    // Beside it, what the port itself is not to hear.
    name: 'a port of the bridge is locked',
    break: [
      link('host', C, 'type', 'bridge_slave', 'locked', 'on', 'bcast_flood', 'off'),
      // It goes on taking what it has heard there before.
      link('host', C, 'type', 'bridge_slave', 'fdb_flush'),
    ],
    mend: [link('host', C, 'type', 'bridge_slave', 'locked', 'off', 'bcast_flood', 'on')],
    check: 'arp c > d',
    at: 'segment bridge',
    reason: /is not among the `macs`/,
    passes: 'lldp d > c',
  },
  {
    // Beside it, what comes from the port is taken from nobody, and groups are flooded.
    name: 'a port of the bridge is given no broadcasts',
    break: [link('host', D, 'type', 'bridge_slave', 'locked', 'on', 'bcast_flood', 'off')],
    mend: [link('host', D, 'type', 'bridge_slave', 'locked', 'off', 'bcast_flood', 'on')],
    check: 'arp c > d',
    at: 'segment bridge',
    reason: /not given broadcasts/,
    passes: 'lldp c > d',
  },
  {
    name: 'both ports of the bridge are isolated',
    break: [C, D].map((port): Change => [
      'host',
      'bridge',
      'link',
      'set',
      'dev',
      port,
      'isolated',
      'on',
    ]),
    mend: [C, D].map((port): Change => [
      'host',
      'bridge',
      'link',
      'set',
      'dev',
      port,
      'isolated',
      'off',
    ]),
    check: 'arp c > d',
    at: 'segment bridge',
    reason: /isolated/,
  },
  {
    name: 'one flow of the panel is removed',
    break: [['host', 'ovs-ofctl', 'del-flows', PANEL, `in_port=${E}`]],
    mend: [
      ['host', 'ovs-ofctl', 'add-flow', PANEL, `priority=100,in_port=${E},actions=output:${F}`],
    ],
    check: 'lldp e > f',
    at: 'panel panel',
    reason: /no flow from e:eth1 veth to f:eth1 veth/,
    passes: 'lldp f > e',
  },
  {
    name: 'one flow of the panel is turned round',
    break: [['host', 'ovs-ofctl', 'add-flow', PANEL, `priority=100,in_port=${F},actions=in_port`]],
    mend: [
      ['host', 'ovs-ofctl', 'add-flow', PANEL, `priority=100,in_port=${F},actions=output:${E}`],
    ],
    check: 'lldp f > e',
    at: 'panel panel',
    reason: /no flow from f:eth1 veth to e:eth1 veth/,
    passes: 'lldp e > f',
  },
  {
    name: 'a port of the panel is unplugged',
    break: [['host', 'ovs-vsctl', 'del-port', PANEL, F]],
    check: 'arp e > f',
    at: 'panel panel',
    reason: /no flow from e:eth1 veth to f:eth1 veth/,
  },
  {
    name: 'the panel is gone',
    break: [['host', 'ovs-vsctl', 'del-br', PANEL]],
    check: 'arp e > f',
    at: 'panel panel',
    reason: /no flow .*the bridge itself is gone/,
  },
  {
    name: 'the bridge is gone',
    break: [['host', 'ip', 'link', 'del', 'dev', BRIDGE]],
    check: 'arp c > d',
    at: 'segment bridge',
    reason: /is gone/,
  },
  {
    name: 'the cable is cut',
    break: [['a', 'ip', 'link', 'del', 'dev', 'eth1']],
    check: 'lldp a > b',
    at: 'a:eth1',
    reason: /No such device|is gone/,
    passes: 'lldp c > d',
  },
  {
    name: 'nftables drops ARP by an expression that is not understood',
    break: nft('b', 'netdev', 'ingress device eth1', 'ether type arp meta length > 1 drop'),
    mend: noNft('b', 'netdev'),
    check: 'arp a > b',
    at: 'b:eth1',
    reason: null,
  },
  {
    name: 'nftables drops echo requests by an expression that is not understood',
    break: nft('b', 'ip', 'input', 'ip length > 1 drop'),
    mend: noNft('b', 'ip'),
    check: 'icmp a > b',
    at: 'b:eth1',
    reason: null,
  },
  {
    name: 'tc takes away what its filter looks for deeper in the frame',
    break: [
      ['host', 'tc', 'qdisc', 'add', 'dev', C, 'clsact'],
      [
        'host',
        ...['tc', 'filter', 'add', 'dev', C, 'ingress', 'protocol', 'arp'],
        ...['u32', 'match', 'u16', '1', '0xffff', 'at', '6'],
        ...['action', 'mirred', 'egress', 'redirect', 'dev', 'lo'],
      ],
    ],
    mend: noTc('host', C),
    check: 'arp c > d',
    at: 'd:eth1 veth',
    reason: null,
  },
  {
    name: 'the policy of a chain that accepts other echoes drops the request',
    break: [
      ...nft('b', 'inet', 'input', 'icmp type echo-reply accept'),
      ['b', 'nft', 'add', 'chain', 'inet', 'fault', 'c', '{ policy drop ; }'],
    ],
    mend: noNft('b', 'inet'),
    check: 'icmp a > b',
    at: 'b:eth1',
    reason: /`policy drop` \(table inet fault, chain c, hook input\)/,
    passes: 'lldp a > b',
  },
  {
    name: 'a rule drops what the sender would send, which so asks nobody',
    break: nft('a', 'ip', 'output', 'icmp type echo-request drop'),
    mend: noNft('a', 'ip'),
    check: 'icmp a > b',
    at: 'a:eth1',
    reason: /echo-request drop` \(table ip fault, chain c, hook output\)/,
    passes: 'arp a > b',
  },
  {
    name: 'br_netfilter leads bridged echoes to a filter of IP',
    break: [
      ['host', 'sysctl', '-qw', 'net.bridge.bridge-nf-call-iptables=1'],
      ...nft('host', 'ip', 'forward', 'ip saddr 10.0.1.1 drop'),
    ],
    mend: noNft('host', 'ip'),
    check: 'icmp c > d',
    at: 'segment bridge',
    reason: /br_netfilter leads bridged IPv4 .*saddr 10\.0\.1\.1 drop` \(table ip fault, chain c/,
    passes: 'arp c > d',
  },
  {
    name: 'the sender has been told another MAC for the receiver',
    break: [
      [
        ...(['a', 'ip', 'neigh', 'replace', '10.0.0.2'] as const),
        ...['lladdr', '02:00:00:00:00:ef', 'dev', 'eth1', 'nud', 'permanent'],
      ],
    ],
    mend: [['a', 'ip', 'neigh', 'del', '10.0.0.2', 'dev', 'eth1']],
    check: 'icmp a > b',
    at: 'a:eth1',
    reason: /sends what is for 10\.0\.0\.2 to 02:00:00:00:00:ef, and b:eth1 has /,
    passes: 'lldp a > b',
  },
];
