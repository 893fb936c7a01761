import { isRecord } from '../../is-record.js';
import type { Where } from '../../where.js';
import { DEFAULT_MTU, type HostDress } from './host-device.js';
import {
  isBonded,
  isTeamed,
  ownMac,
  readFrom,
  type DeviceRow,
  type Look,
  type LookQuestion,
} from './look.js';

/** Devices as they are read back. */

/** Asks for the devices of a place. */
export const devicesOf = (where: Where): readonly LookQuestion[] => [{ where, what: 'devices' }];

/** Read what a device is. @returns nothing where it is not there */
export const readDevice = <W>(
  look: Look,
  where: Where,
  name: string,
  wanted: W,
  read: (row: DeviceRow) => W | undefined,
): W | undefined =>
  readFrom(look(where, 'devices'), wanted, (rows) => {
    const row = rows.find(({ ifname }) => ifname === name);
    const isLent = row && (isTeamed(row) || rows.some((upper) => lends(upper, row)));
    return row && read(isLent ? { ...row, isLent: true } : row);
  });

/**
 * A macvlan or macvtap in mode passthru gives the device below it its own address for as long as it is there (Linux
 * drivers/net/macvlan.c), and the second slave of a node of HSR has that of the node.
 */
function lends({ address, linkinfo }: DeviceRow, lower: DeviceRow): boolean {
  const { mode, slave2 } = linkinfo?.info_data ?? {};
  return (mode === 'passthru' || slave2 === lower.ifname) && address === lower.address;
}

/** What a device is made with, as it has that now. */
export interface MadeDevice {
  readonly mac: string;
  readonly mtu?: number | undefined;
  readonly host?: HostDress | undefined;
}

/** Address, MTU and dress of a device. An MTU that nobody has set is left out. */
export const readMade = <M extends MadeDevice>(wanted: M, row: DeviceRow): M => {
  const { mtu, host, ...rest } = wanted;
  const size = isBonded(row) ? (mtu ?? DEFAULT_MTU) : row.mtu;
  return {
    ...rest,
    mac: row.isLent ? wanted.mac : ownMac(row),
    ...((mtu !== undefined || size !== DEFAULT_MTU) && { mtu: size }),
    ...(host && { host: readDress(host, row) }),
  } as unknown as M;
};

const readDress = ({ lab, label, altname, up }: HostDress, row: DeviceRow): HostDress => ({
  ...{ lab, label },
  ...(altname !== undefined && row.altnames?.includes(altname) === true && { altname }),
  // Of one that is up already no more is wanted.
  up: up ? row.flags.includes('UP') : up,
});

/** Options as a kernel shows them: what it does not show is taken to be as wanted. */
export const readOptions = (
  wanted: Readonly<Record<string, string>>,
  shown: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => {
      const as = SHOWN_AS[name] ?? name;
      // Addresses of IPv6 have names of their own.
      const real = shown?.[as] ?? shown?.[`${as}6`];
      return [name, real === undefined || sameValue(real, value) ? value : shownValue(real)];
    }),
  );

/** Words of ip-link(8) that have another name when it shows them. */
const SHOWN_AS: Readonly<Record<string, string>> = {
  mcast_query_response_interval: 'mcast_query_response_intvl',
  mcast_startup_query_interval: 'mcast_startup_query_intvl',
  mcast_router: 'multicast_router',
  'egress-qos-map': 'egress_qos',
  'macaddr set': 'macaddr_data',
  lacp_rate: 'ad_lacp_rate',
  'ingress-qos-map': 'ingress_qos',
  dstport: 'port',
  key: 'ikey',
  dev: 'link',
  ...{ cipher: 'cipher_suite', icvlen: 'icv_len', encodingsa: 'encoding_sa' },
  ...{ validate: 'validation', send_sci: 'inc_sci', end_station: 'es', replay: 'replay_protect' },
};

/** A word that has no value beside it is on. */
const FLAGS: Readonly<Record<string, number>> = { on: 1, off: 0, '': 1 };

const sameValue = (real: unknown, wanted: string): boolean =>
  numberIn(real) === (FLAGS[wanted] ?? Number(wanted));

/** A number, which the keys of GRE show in the form of an address. */
const numberIn = (real: unknown): number =>
  typeof real === 'string' && /^\d+(\.\d+){3}$/.test(real)
    ? real.split('.').reduce((sum, octet) => 256 * sum + Number(octet), 0)
    : Number(real);

function shownValue(real: unknown): string {
  if (Array.isArray(real)) return real.map(shownValue).sort().join(' ');
  if (isRecord(real)) return Object.values(real).join(':');
  return typeof real === 'boolean' ? (real ? 'on' : 'off') : String(real);
}
