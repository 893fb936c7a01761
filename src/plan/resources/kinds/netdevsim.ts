import { defineResource, ip, type Act } from '../define.js';
import { DEFAULT_MTU } from '../host-device.js';
import { readFrom } from '../look.js';
import { devicesOf, readDevice, readMade } from '../read-device.js';

interface NetdevsimState {
  readonly device: string;
  /** Number of the simulated bus device, of which it is the one port. */
  readonly id: number;
  readonly mac: string;
  readonly mtu?: number;
  /** Does it take filters of tc(8) for itself? */
  readonly offload: boolean;
}

/** The kernel calls the port after no one; it is found where its bus device is. Arguments: number, name. */
const MAKE = `
[ -e /sys/bus/netdevsim ] || modprobe netdevsim
echo "$1 1" >/sys/bus/netdevsim/new_device || exit 1
for port in "/sys/bus/netdevsim/devices/netdevsim$1/net/"*; do
  exec ip link set dev "\${port##*/}" name "$2"
done
`;

/** `ip link del` cannot do it. Argument: number. */
const REMOVE = 'echo "$1" >/sys/bus/netdevsim/del_device';

const exec = (...argv: readonly string[]): Act => ({ do: { tool: 'exec', argv } });

const set = (device: string, ...words: readonly string[]): Act =>
  ip('link', 'set', 'dev', device, ...words);

const setOffload = (device: string, on: boolean): Act =>
  exec('ethtool', '-K', device, 'hw-tc-offload', on ? 'on' : 'off');

/** A simulated device with one port: drivers/net/netdevsim, made by way of its bus in sysfs. */
export const netdevsim = defineResource<NetdevsimState>({
  type: 'netdevsim',
  noun: 'simulated device',
  // It would outlast its namespace.
  lingers: true,
  stage: () => 'inside',
  make: ({ device, id, mac, mtu, offload }) =>
    [
      exec('sh', '-c', MAKE, 'make', String(id), device),
      set(device, 'address', mac, ...(mtu === undefined ? [] : ['mtu', String(mtu)])),
      ...(offload ? [setOffload(device, true)] : []),
    ].map((act, index) => (index === 0 ? act : { ...act, name: String(index + 1) })),
  remove: ({ id }) => [exec('sh', '-c', REMOVE, 'remove', String(id))],
  change(old, { device, id, mac, mtu, offload }) {
    if (old.device !== device || old.id !== id) return 'it has its name and number from the start';
    return [
      ...(old.mac === mac ? [] : [set(device, 'address', mac)]),
      ...(old.mtu === mtu ? [] : [set(device, 'mtu', String(mtu ?? DEFAULT_MTU))]),
      ...(old.offload === offload ? [] : [setOffload(device, offload)]),
    ];
  },
  questions: ({ device }, where) => [
    ...devicesOf(where),
    { where, what: 'offloads', name: device },
  ],
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, (row) =>
      readFrom(look(where, 'offloads'), readMade(wanted, row), (all) => ({
        ...readMade(wanted, row),
        offload: /^hw-tc-offload: on/m.test(all[wanted.device] ?? ''),
      })),
    ),
});
