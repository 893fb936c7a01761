import type { SeenFrame } from '../decode.js';
import type { Icmp6Kind } from './icmp6.js';
import type { LlcProtocol } from './llc.js';

/** What a captured frame is for, as far as devices on the way tell frames apart. */
export type ObservedClass =
  | 'lldp'
  | LlcProtocol
  | 'lacp'
  | 'dot1x'
  | 'pause'
  | 'arp-request'
  | 'arp-reply'
  | 'icmp'
  | 'icmp6'
  | 'nd-solicitation'
  | 'nd-advertisement'
  | 'nd-router-solicitation'
  | 'nd-router-advertisement'
  | 'nd-redirect'
  | 'mld'
  | 'igmp'
  | 'mdns';

/** What of ICMPv6 is more than a message between two hosts. */
const ICMP6_CLASSES: Readonly<Partial<Record<Icmp6Kind, ObservedClass>>> = {
  'neighbor-solicitation': 'nd-solicitation',
  'neighbor-advertisement': 'nd-advertisement',
  'router-solicitation': 'nd-router-solicitation',
  'router-advertisement': 'nd-router-advertisement',
  redirect: 'nd-redirect',
  'listener-query': 'mld',
  'listener-report': 'mld',
  'listener-done': 'mld',
  'listener-report-v2': 'mld',
};

/** RFC 6762. */
const MDNS = 5353;

type Classifier = (frame: SeenFrame) => ObservedClass | false | undefined;

const classifiers: readonly Classifier[] = [
  ({ arp }) => arp?.op === 'request' && 'arp-request',
  ({ arp }) => arp?.op === 'reply' && 'arp-reply',
  ({ lldp }) => lldp && 'lldp',
  ({ lacp }) => lacp && 'lacp',
  ({ eapol }) => eapol && 'dot1x',
  ({ pause }) => pause && 'pause',
  ({ icmp }) => icmp && 'icmp',
  ({ icmp6 }) => icmp6 && classOfIcmp6(icmp6.kind),
  ({ igmp }) => igmp && 'igmp',
  ({ udp }) => udp?.dstPort === MDNS && 'mdns',
  ({ llc }) => llc?.protocol,
];

const classOfIcmp6 = (kind: Icmp6Kind | number): ObservedClass =>
  (typeof kind === 'string' && ICMP6_CLASSES[kind]) || 'icmp6';

/** The class of a frame, inside of its VLAN tags if it has any; undefined where it is of none. */
export function classifyFrame(frame: SeenFrame): ObservedClass | undefined {
  for (const classify of classifiers) {
    const found = classify(frame);
    if (found) return found;
  }
  return undefined;
}
