import { defineResource, ip } from '../define.js';

interface DeviceFlags {
  readonly device: string;
  /** `allmulticast`, `promisc`. */
  readonly flags: readonly string[];
}

const set = ({ device, flags }: DeviceFlags, to: 'on' | 'off') => [
  ip('link', 'set', 'dev', device, ...flags.flatMap((flag) => [flag, to])),
];

/** Flags of a device: ip-link(8). */
export const deviceFlags = defineResource<DeviceFlags>({
  type: 'device-flags',
  noun: 'flag',
  stage: () => 'attach',
  make: (wanted) => set(wanted, 'on'),
  remove: (wanted) => set(wanted, 'off'),
});
