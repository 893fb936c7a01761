import { markOf } from '../../names.js';
import { defineResource, ip } from '../define.js';
import { silence } from '../host-device.js';
import { devicesOf, readDevice } from '../read-device.js';
import { isOn } from './device-flags.js';

interface MacvtapState {
  readonly device: string;
  readonly mac: string;
  readonly mtu?: number;
  readonly lab: string;
  readonly label: string;
  /** `allmulticast`, `promisc`: those that are on. */
  readonly flags: readonly string[];
}

const on = (flags: readonly string[]): readonly string[] => flags.flatMap((flag) => [flag, 'on']);

/**
 * The mark and the flags of a macvtap. libvirt makes it when the guest starts or its NIC is plugged, so they can be set
 * only then; it is up by then, and the address that the host's IPv6 took, which is the guest's own, goes.
 */
export const macvtap = defineResource<MacvtapState>({
  type: 'macvtap',
  noun: 'macvtap',
  stage: () => 'attach',
  owns: ({ device, mac }) => ({ type: 'link', name: device, mac }),
  make: ({ device, mtu, lab, label, flags }) => [
    ip('link', 'set', 'dev', device, 'alias', markOf(lab), ...on(flags), ...silence(mtu)),
    {
      ...ip('addr', 'flush', 'dev', device),
      name: 'address',
      why: `take from ${label} the address that the host gave it: it is the guest's`,
    },
  ],
  change(old, { device, flags }) {
    const off = old.flags.filter((flag) => !flags.includes(flag)).flatMap((flag) => [flag, 'off']);
    const words = [...off, ...on(flags.filter((flag) => !old.flags.includes(flag)))];
    return words.length === 0 ? [] : [ip('link', 'set', 'dev', device, ...words)];
  },
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ ifalias, flags }) =>
      // libvirt has made it anew where it has no mark.
      ifalias === markOf(wanted.lab)
        ? { ...wanted, flags: wanted.flags.filter((flag) => isOn(flags, flag)) }
        : undefined,
    ),
});
