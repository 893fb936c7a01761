import { defineResource, ip, isThisHost } from '../define.js';
import { DEFAULT_MTU } from '../host-device.js';
import { devicesOf, readDevice } from '../read-device.js';

const set = (device: string, mtu: number) => [ip('link', 'set', 'dev', device, 'mtu', String(mtu))];

/** The MTU of a device that something else has made, or changed. */
export const mtu = defineResource<{ readonly device: string; readonly mtu: number }>({
  type: 'mtu',
  noun: 'MTU',
  stage: (where) => (isThisHost(where) ? 'switches' : 'inside'),
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
