import { defineResource, ip } from '../define.js';
import { devicesOf, readDevice } from '../read-device.js';

interface DeviceFlags {
  readonly device: string;
  /** `allmulticast`, `promisc`. */
  readonly flags: readonly string[];
}

const set = ({ device, flags }: DeviceFlags, to: 'on' | 'off') => [
  ip('link', 'set', 'dev', device, ...flags.flatMap((flag) => [flag, to])),
];

/** Is a flag of ip-link(8) among those that the kernel shows? */
export const isOn = (shown: readonly string[], flag: string): boolean =>
  shown.includes(flag === 'allmulticast' ? 'ALLMULTI' : flag.toUpperCase());

/** Flags of a device: ip-link(8). */
export const deviceFlags = defineResource<DeviceFlags>({
  type: 'device-flags',
  noun: 'flag',
  stage: () => 'attach',
  make: (wanted) => set(wanted, 'on'),
  remove: (wanted) => set(wanted, 'off'),
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ flags }) =>
      wanted.flags.every((flag) => isOn(flags, flag)) ? wanted : undefined,
    ),
});
