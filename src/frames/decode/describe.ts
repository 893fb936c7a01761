import { ENCAPSULATIONS } from '../encapsulation.js';
import type { Frame } from '../frame.js';
import type { Arp } from './arp.js';
import type { Icmp6 } from './icmp6.js';
import type { Icmp } from './icmp.js';
import type { Fragment } from './ip.js';
import type { Tcp } from './tcp.js';
import type { BridgeId } from './stp.js';

type Describer = (frame: Frame) => string | undefined;

/** In the words of tcpdump(8), but for the length at the end. */
const describers: readonly Describer[] = [
  ({ arp }) => arp && arpText(arp),
  ({ lldp }) =>
    lldp &&
    list(
      `LLDP chassis ${lldp.chassisId.value}`,
      `port ${lldp.portId.value}`,
      lldp.systemName && `name ${lldp.systemName}`,
      `ttl ${lldp.ttl}`,
    ),
  ({ stp }) =>
    stp &&
    list(
      `STP ${stp.type}`,
      stp.root && `root ${bridgeText(stp.root)}`,
      stp.bridge && `bridge ${bridgeText(stp.bridge)}`,
      stp.port !== undefined && `port ${hex4(stp.port)}`,
    ),
  ({ lacp }) =>
    lacp && list(`LACPv${lacp.version} actor ${lacp.actor.system}`, `key ${lacp.actor.key}`),
  ({ eapol }) => eapol && `EAPOL ${eapol.type} v${eapol.version}`,
  ({ pause }) => pause && `${pause.kind.toUpperCase()} quanta ${pause.quanta.join(' ')}`,
  ({ cdp }) =>
    cdp &&
    list(
      `CDPv${cdp.version} device ${cdp.deviceId ?? 'unnamed'}`,
      cdp.portId !== undefined && `port ${cdp.portId}`,
      `ttl ${cdp.ttl}`,
    ),
  macsecText,
  hsrText,
  ipText,
  ({ llc }) =>
    llc?.protocol?.toUpperCase() ??
    (llc && (llc.snap === undefined ? `LLC dsap 0x${hex2(llc.dsap)}` : `SNAP ${llc.snap}`)),
  ({ etherType }) => (etherType === undefined ? undefined : `ethertype 0x${hex4(etherType)}`),
];

/** One line for a report, as tcpdump would put it. It holds nothing that a terminal would act on. */
export function describeFrame(frame: Frame): string {
  const tags = frame.vlans.map(({ id }) => `vlan ${id}, `).join('');
  const content = describers.map((describe) => describe(frame)).find((line) => line !== undefined);
  const addresses = `${frame.src || '?'} > ${frame.dst || '?'}`;
  // Frames without an address of a higher layer are told apart by those of Ethernet.
  const line = frame.arp || frame.ipv4 || frame.ipv6 ? content : list(content, addresses);
  const damage = frame.malformed === undefined ? '' : ` [malformed ${frame.malformed}]`;
  return printable(`${tags}${line ?? ''}${damage}`);
}

function arpText({ op, ...arp }: Arp): string {
  if (op === 'request') return `ARP who-has ${arp.targetIp} tell ${arp.senderIp}`;
  if (op === 'reply') return `ARP ${arp.senderIp} is-at ${arp.senderMac}`;
  return `ARP operation ${op} from ${arp.senderIp} to ${arp.targetIp}`;
}

function macsecText({ macsec, sealed }: Frame): string | undefined {
  if (!macsec && !sealed) return undefined;
  const sci = macsec ? macsec.sci : sealed?.sci;
  return list(
    `MACsec${sci === undefined ? '' : ` SCI ${sci}`}`,
    `AN ${macsec?.an ?? sealed?.an ?? 0}`,
    macsec && `PN ${macsec.pn}`,
    (macsec?.isEncrypted ?? sealed?.seal?.isEncrypted) === true && 'encrypted',
    sealed && describeFrame(sealed.frame),
  );
}

function hsrText({ hsrTag, redundant, supervision }: Frame): string | undefined {
  const told = supervision && `HSR/PRP ${supervision.kind} of ${supervision.mac}`;
  if (!hsrTag && !redundant) return told && list(told, `seq ${supervision.seq}`);
  return list(
    `HSR v${hsrTag?.version ?? redundant?.version ?? 1}`,
    hsrTag && `seq ${hsrTag.seq}`,
    hsrTag && `path ${hsrTag.path}`,
    told ?? (redundant && describeFrame(redundant.frame)),
  );
}

function ipText({ ipv4, ipv6, ...frame }: Frame): string | undefined {
  const ip = ipv4 ?? ipv6;
  if (!ip) return undefined;
  const { icmp, icmp6, igmp, udp, tcp, inner } = frame;
  const ports = udp ?? tcp;
  const [src, dst] = ports
    ? [withPort(ip.src, ports.srcPort), withPort(ip.dst, ports.dstPort)]
    : [ip.src, ip.dst];
  const content =
    (inner && innerText(inner)) ??
    (icmp && `ICMP ${messageText(icmp)}`) ??
    (icmp6 && `ICMP6, ${messageText(icmp6)}`) ??
    (igmp && list(`igmp ${igmp.kind}`, ...igmp.groups)) ??
    (tcp && `Flags [${flagsText(tcp)}], length ${tcp.payload.length}`) ??
    (udp && `UDP, length ${udp.length}`) ??
    `protocol ${ip.protocol}`;
  return `${ipv4 ? 'IP' : 'IP6'} ${src} > ${dst}: ${fragmentText(ip.fragment)}${content}`;
}

/** In the letters of tcpdump(8). */
const flagsText = ({ syn, fin, rst, ack }: Tcp): string =>
  [fin && 'F', syn && 'S', rst && 'R', ack && '.'].filter((one) => one !== false).join('');

/** A port that the model does not know is left out. */
const withPort = (ip: string, port: number): string => (port === 0 ? ip : `${ip}.${port}`);

/** What travels in a packet. */
const innerText = ({ by, id, frame }: Required<Frame>['inner']): string =>
  `${ENCAPSULATIONS[by].title}${id === undefined ? '' : ` ${id}`}, ${describeFrame(frame)}`;

const fragmentText = (fragment: Fragment | undefined): string =>
  fragment ? `fragment at ${fragment.offset}, ` : '';

function messageText(message: Icmp | Icmp6): string {
  const { kind, code, id, seq, mtu } = message;
  const { target, groups }: Partial<Icmp6> = message;
  return list(
    typeof kind === 'string' ? kind.replaceAll('-', ' ') : `type ${kind}`,
    code !== 0 && `code ${code}`,
    target !== undefined &&
      (kind === 'neighbor-solicitation' ? `who has ${target}` : `tgt is ${target}`),
    id !== undefined && `id ${id}`,
    seq !== undefined && `seq ${seq}`,
    mtu !== undefined && `mtu ${mtu}`,
    ...(groups ?? []),
  );
}

const bridgeText = ({ priority, mac }: BridgeId): string => `${hex4(priority)}.${mac}`;
const hex2 = (value: number): string => value.toString(16).padStart(2, '0');
const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

const list = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(', ');

/** Names come from the wire: whatever is no visible character is written as its number. */
const printable = (line: string): string =>
  line.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (it) => `\\u{${(it.codePointAt(0) ?? 0).toString(16)}}`);
