/** Names that nft(8) has for numbers: `nft describe`. */

export type Symbols = Readonly<Record<string, number>>;

export const ETHER: Symbols = {
  ...{ ip: 0x0800, arp: 0x0806, ip6: 0x86dd, '8021q': 0x8100, vlan: 0x8100, '8021ad': 0x88a8 },
};

export const PROTOCOL: Symbols = {
  ...{
    icmp: 1,
    igmp: 2,
    ipencap: 4,
    tcp: 6,
    udp: 17,
    dccp: 33,
    ipv6: 41,
    gre: 47,
    esp: 50,
    ah: 51,
  },
  ...{
    icmpv6: 58,
    'ipv6-icmp': 58,
    eigrp: 88,
    ospf: 89,
    ipip: 94,
    pim: 103,
    ipcomp: 108,
    comp: 108,
  },
  ...{ vrrp: 112, l2tp: 115, sctp: 132, udplite: 136 },
};

export const NF_FAMILY: Symbols = { ipv4: 2, ipv6: 10 };

export const PACKET_TYPE: Symbols = { host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 };

export const ARP_OPERATION: Symbols = {
  ...{ request: 1, reply: 2, rrequest: 3, rreply: 4, inrequest: 8, inreply: 9, nak: 10 },
};

export const ICMP_TYPE: Symbols = {
  ...{ 'echo-reply': 0, 'destination-unreachable': 3, 'source-quench': 4, redirect: 5 },
  ...{ 'echo-request': 8, 'router-advertisement': 9, 'router-solicitation': 10 },
  ...{ 'time-exceeded': 11, 'parameter-problem': 12, 'timestamp-request': 13 },
  ...{ 'timestamp-reply': 14, 'info-request': 15, 'info-reply': 16 },
  ...{ 'address-mask-request': 17, 'address-mask-reply': 18 },
};

export const ICMP_CODE: Symbols = {
  ...{ 'net-unreachable': 0, 'host-unreachable': 1, 'prot-unreachable': 2, 'port-unreachable': 3 },
  ...{ 'frag-needed': 4, 'net-prohibited': 9, 'host-prohibited': 10, 'admin-prohibited': 13 },
};

export const ICMP6_TYPE: Symbols = {
  ...{ 'destination-unreachable': 1, 'packet-too-big': 2, 'time-exceeded': 3 },
  ...{ 'parameter-problem': 4, 'echo-request': 128, 'echo-reply': 129 },
  ...{ 'mld-listener-query': 130, 'mld-listener-report': 131, 'mld-listener-done': 132 },
  ...{ 'mld-listener-reduction': 132, 'nd-router-solicit': 133, 'nd-router-advert': 134 },
  ...{ 'nd-neighbor-solicit': 135, 'nd-neighbor-advert': 136, 'nd-redirect': 137 },
  ...{ 'router-renumbering': 138, 'ind-neighbor-solicit': 141, 'ind-neighbor-advert': 142 },
  'mld2-listener-report': 143,
};

export const ICMP6_CODE: Symbols = {
  ...{ 'no-route': 0, 'admin-prohibited': 1, 'addr-unreachable': 3, 'port-unreachable': 4 },
  ...{ 'policy-fail': 5, 'reject-route': 6 },
};

export const CT_STATE: Symbols = {
  ...{ invalid: 1, established: 2, related: 4, new: 8, untracked: 64 },
};
