import { defineResource, ip } from '../define.js';
import { devicesOf, readDevice } from '../read-device.js';

/** The alias by which people see whose a device is: ip-link(8). */
export const mark = defineResource<{ readonly device: string; readonly alias: string }>({
  type: 'mark',
  noun: 'mark',
  stage: () => 'inside',
  make: ({ device, alias }) => [ip('link', 'set', 'dev', device, 'alias', alias)],
  remove: ({ device }) => [ip('link', 'set', 'dev', device, 'alias', '')],
  change: (_, { device, alias }) => [ip('link', 'set', 'dev', device, 'alias', alias)],
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ ifalias = '' }) => ({
      device: wanted.device,
      alias: ifalias,
    })),
});
