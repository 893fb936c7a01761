import type { FlowRule } from '../../hops/openflow/flow.js';
import { canonicalIp } from '../../topology/address.js';
import { TABLES } from '../../topology/tables.js';
import type { Where } from '../../where.js';
import type { WireguardConfig } from '../wireguard-config.js';

/** What is really at a place, in the words of the tools that say it. */

/** A device, as ip-address(8) says it with `-d -j`. */
export interface DeviceRow {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly address: string;
  readonly permaddr?: string | undefined;
  /** The address is one that a device on top of it has given it. */
  readonly isLent?: true;
  readonly ifalias?: string | undefined;
  readonly altnames?: readonly string[] | undefined;
  readonly master?: string | undefined;
  readonly linkinfo?:
    | {
        readonly info_kind?: string | undefined;
        readonly info_data?: Readonly<Record<string, unknown>> | undefined;
        readonly info_slave_kind?: string | undefined;
        readonly info_slave_data?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  readonly addr_info: readonly {
    readonly local?: string | undefined;
    readonly prefixlen?: number | undefined;
    readonly scope?: string | undefined;
  }[];
}

/** A route or a rule, as ip-route(8) and ip-rule(8) say it with `-j`. */
export type IpRow = Readonly<Record<string, string | number>>;

/** What a device has its frames wait in, as tc(8) says it with `-j`. */
export interface QdiscRow {
  /** How they wait: `netem`. */
  readonly discipline: string;
  readonly dev: string;
  /** Frames that the device sends come to it first. */
  readonly root?: boolean | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** Columns of a row of Open vSwitch's database by name, those of a map as `other_config:KEY`. A set is in brackets. */
export type OvsColumns = Readonly<Record<string, string>>;

/** A bridge of Open vSwitch. */
interface SwitchRow {
  readonly name: string;
  readonly columns: OvsColumns;
  /** Whom it takes for its controllers, sorted. */
  readonly controllers: readonly string[];
}

/** A port of an Open vSwitch bridge. */
interface SwitchPortRow {
  readonly bridge: string;
  readonly device: string;
  /** Of OpenFlow; -1 where the device could not be opened. */
  readonly number: number;
  readonly ofInterface: OvsColumns;
  readonly ofPort: OvsColumns;
}

/** A mirror of a bridge of Open vSwitch: ports by name, lists sorted. */
export interface MirrorRow {
  readonly bridge: string;
  readonly name: string;
  /** It selects all ports. */
  readonly all: boolean;
  readonly src: readonly string[];
  readonly dst: readonly string[];
  readonly vlans: readonly number[];
  readonly outputPort?: string;
  readonly outputVlan?: number;
}

/** A container of an engine. */
interface ContainerRow {
  /** Its first process has not ended. */
  readonly runs: boolean;
  /** The network namespace that has its name is its own: one that was started again has another. */
  readonly isAttached: boolean;
}

/** A key of a MACsec device, or a channel that it receives. */
export interface MacsecRow {
  readonly device: string;
  /** Of the channel, as 16 hexadecimal digits; none for a key that the device sends with. */
  readonly sci: string | undefined;
  /** Number of the key; none for the channel itself. */
  readonly an?: number;
  readonly on?: boolean;
  /** What it is known by, as hexadecimal digits. */
  readonly id?: string;
}

/** What can be asked of a place, and what the answer is. */
export interface Answers {
  readonly devices: readonly DeviceRow[];
  readonly routes: readonly IpRow[];
  readonly rules: readonly IpRow[];
  /** Entries of the forwarding tables of devices: bridge(8) `fdb`. */
  readonly fdb: readonly IpRow[];
  /** Groups that bridges know members of: bridge(8) `mdb`. */
  readonly mdb: readonly IpRow[];
  /** Keys and channels of MACsec devices: ip-macsec(8). */
  readonly macsec: readonly MacsecRow[];
  /** Values by name; those that are asked for. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Tables of nftables: `FAMILY NAME`. */
  readonly tables: readonly string[];
  /** Names of network namespaces. */
  readonly namespaces: readonly string[];
  /** Names of the programs of labs that run; those that are asked for. */
  readonly processes: readonly string[];
  /** Containers that are there, by engine and name: `docker/LAB.NODE`; those that are asked for. */
  readonly containers: Readonly<Record<string, ContainerRow>>;
  /** What tc(8) filters of what a device receives, by the name of the device. */
  readonly ingress: Readonly<Record<string, string>>;
  /** Queues of devices: tc(8) `qdisc`. */
  readonly qdiscs: readonly QdiscRow[];
  /** What ethtool(8) says of a device, by its name. */
  readonly offloads: Readonly<Record<string, string>>;
  /** Bridges of Open vSwitch. */
  readonly switches: readonly SwitchRow[];
  readonly mirrors: readonly MirrorRow[];
  /** What devices of WireGuard are told, by their names. */
  readonly wireguard: Readonly<Record<string, WireguardConfig>>;
  /** Ports of all bridges of Open vSwitch. */
  readonly switchPorts: readonly SwitchPortRow[];
  /** Flows of a bridge by its name, each by its `flowKey`. */
  readonly flows: Readonly<Record<string, ReadonlyMap<string, FlowRule>>>;
  /** Groups of a bridge by its name, each as ovs-ofctl(8) tells it, by its number. */
  readonly groups: Readonly<Record<string, ReadonlyMap<number, string>>>;
}

/** A question about a place. */
export interface LookQuestion {
  readonly where: Where;
  readonly what: keyof Answers;
  /** Which, where not all are told: the name of a setting, or of a bridge. */
  readonly name?: string;
}

/** A place that could not be looked at. */
export class Unread {
  constructor(readonly why: string) {}
}

/** `absent`: the place is not there. */
export type LookAnswer<Q extends keyof Answers> = Answers[Q] | 'absent' | Unread;

/** Gives the answer to a question; one that nobody has asked is unread. */
export type Look = <Q extends keyof Answers>(where: Where, what: Q) => LookAnswer<Q>;

/**
 * What of an answer a resource is, by a function that looks for it.
 * @param wanted - what is taken where nobody can know
 * @returns nothing where it is not there
 */
export function readFrom<W, Q extends keyof Answers>(
  answer: LookAnswer<Q>,
  wanted: W,
  find: (found: Answers[Q]) => W | undefined,
): W | undefined {
  if (answer instanceof Unread) return wanted;
  return answer === 'absent' ? undefined : find(answer);
}

/** The MAC that a member of a bond had before; nothing for any other device. */
const keptMac = ({ linkinfo }: DeviceRow): string | undefined => {
  const kept = linkinfo?.info_slave_data?.['perm_hwaddr'];
  return typeof kept === 'string' ? kept : undefined;
};

/** The MAC that a device has by itself: a bond gives its members its own. */
export const ownMac = (row: DeviceRow): string => row.permaddr ?? keptMac(row) ?? row.address;

/** Kinds of devices that give their ports their own MAC, and nothing tells which those had before: drivers/net/team. */
const LENDERS: ReadonlySet<string | undefined> = new Set(['team']);

/** Is it a port of such a one, which gives it back the MAC that it had when it leaves? */
export const isTeamed = ({ linkinfo }: DeviceRow): boolean =>
  LENDERS.has(linkinfo?.info_slave_kind);

/** Has a bond or a team given a device its own MAC and MTU? */
export const isBonded = (row: DeviceRow): boolean => keptMac(row) !== undefined || isTeamed(row);

/** Are two texts the same address or prefix? Some of IPv6 the kernel writes in a form of its own; the length of a single address goes without saying. */
export const sameIp = (one: string, other: string): boolean => plainIp(one) === plainIp(other);

function plainIp(text: string): string {
  const [ip = '', length] = text.split('/');
  const isWhole = length === undefined || length === (ip.includes(':') ? '128' : '32');
  try {
    return `${ip.includes(':') ? canonicalIp(ip) : ip}${isWhole ? '' : `/${length}`}`;
  } catch {
    return text;
  }
}

/** The number of a routing table, which tools show by its name where it has one. */
export const tableNumber = (text: string | number | undefined): string =>
  String(text !== undefined && text in TABLES ? TABLES[text as keyof typeof TABLES] : text);
