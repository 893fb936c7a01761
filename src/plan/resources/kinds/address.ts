import { defineResource, ip } from '../define.js';
import { sameIp } from '../look.js';
import { devicesOf, readDevice } from '../read-device.js';

interface AddressState {
  readonly device: string;
  /** With prefix length. */
  readonly address: string;
  readonly family: 4 | 6;
  /** The one of the same subnet that was given before it. */
  readonly after?: string | undefined;
  /** What its device is a member of: its routes are in the table of that, if it is a VRF, and a device that joins one loses what it has of IPv6. */
  readonly within?: string | undefined;
}

/** An address of a device: ip-address(8). */
export const address = defineResource<AddressState>({
  type: 'address',
  noun: 'address',
  stage: () => 'inside',
  make: ({ device, address: text, family }) => [
    ip('addr', 'add', text, 'dev', device, ...(family === 6 ? ['nodad'] : [])),
  ],
  remove: ({ device, address: text }) => [ip('addr', 'del', text, 'dev', device)],
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ addr_info: all }) =>
      all.some(({ local = '', prefixlen }) => sameIp(`${local}/${prefixlen ?? ''}`, wanted.address))
        ? wanted
        : undefined,
    ),
});
