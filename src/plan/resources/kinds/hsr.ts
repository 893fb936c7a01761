import { sameData } from '../../../same-data.js';
import { defineResource, ip, type Act } from '../define.js';
import { devicesOf, readDevice, readOptions } from '../read-device.js';

interface HsrState {
  readonly device: string;
  /** Its two slaves. It has the address of the first. */
  readonly slaves: readonly [string, string];
  /** That address, which the second one has as long as it is a slave, and the one that that has by itself. */
  readonly mac: string;
  readonly own: string;
  /** Left out where the kernel gives it one: that of its slaves but six octets. */
  readonly mtu?: number;
  /** As ip-link(8) has them after `type hsr`. */
  readonly options: Readonly<Record<string, string>>;
}

const address = (device: string, mac: string): Act =>
  ip('link', 'set', 'dev', device, 'address', mac);

const setMtu = (device: string, mtu: number): Act =>
  ip('link', 'set', 'dev', device, 'mtu', String(mtu));

/** A node of HSR or PRP: net/hsr, ip-link(8) `type hsr`. */
export const hsr = defineResource<HsrState>({
  type: 'hsr',
  noun: 'HSR or PRP device',
  stage: () => 'inside',
  make: ({ device, slaves: [one, two], mac, mtu, options }) => [
    address(two, mac),
    {
      ...ip(
        ...['link', 'add', 'name', device, 'type', 'hsr'],
        ...['slave1', one, 'slave2', two, ...Object.entries(options).flat()],
      ),
      name: '2',
    },
    // With its slaves it gets theirs (net/hsr/hsr_slave.c, hsr_add_port).
    ...(mtu === undefined ? [] : [{ ...setMtu(device, mtu), name: '3' }]),
  ],
  remove: ({ device, slaves: [, two], own }) => [
    ip('link', 'del', 'dev', device),
    { ...address(two, own), name: '2' },
  ],
  change: (old, wanted) =>
    wanted.mtu !== undefined && sameData({ ...old, mtu: wanted.mtu }, wanted)
      ? [setMtu(wanted.device, wanted.mtu)]
      : 'all but its MTU is said when it is made',
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, (row) => {
      const shown = row.linkinfo?.info_data;
      const [one, two] = [shown?.['slave1'], shown?.['slave2']];
      return {
        ...wanted,
        slaves: [textOr(one, wanted.slaves[0]), textOr(two, wanted.slaves[1])],
        mac: row.address,
        ...(wanted.mtu !== undefined && { mtu: row.mtu }),
        options: readOptions(wanted.options, shown && { ...shown, ...supervisionIn(shown) }),
      };
    }),
});

/** Of the address to which it tells of itself, the octet that can be chosen. */
const supervisionIn = ({ supervision_addr: address }: Readonly<Record<string, unknown>>) =>
  typeof address === 'string' ? { supervision: Number.parseInt(address.slice(-2), 16) } : {};

const textOr = (shown: unknown, otherwise: string): string =>
  typeof shown === 'string' ? shown : otherwise;
