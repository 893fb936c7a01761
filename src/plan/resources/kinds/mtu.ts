import { isOwnStack } from '../../../where.js';
import { defineResource, ip } from '../define.js';
import { DEFAULT_MTU } from '../host-device.js';
import { devicesOf, readDevice } from '../read-device.js';

const set = (device: string, mtu: number) => [ip('link', 'set', 'dev', device, 'mtu', String(mtu))];

/** The name, among what a lab makes, of the MTU of a device, by the id of its hop: what takes over the MTU needs it. */
export const mtuId = (hop: string): string => `${hop} mtu`;

/** The MTU of a device that something else has made, or changed. */
export const mtu = defineResource<{ readonly device: string; readonly mtu: number }>({
  type: 'mtu',
  noun: 'MTU',
  stage: (where) => (isOwnStack(where) ? 'switches' : 'inside'),
  make: (wanted) => set(wanted.device, wanted.mtu),
  remove: ({ device }) => set(device, DEFAULT_MTU),
  change: (_, wanted) => set(wanted.device, wanted.mtu),
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, (row) => ({
      device: wanted.device,
      mtu: row.mtu,
    })),
});
