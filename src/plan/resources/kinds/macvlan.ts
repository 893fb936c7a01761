import { defineResource, ip, type Act } from '../define.js';
import { DEFAULT_MTU, mtuWords } from '../host-device.js';
import { devicesOf, readDevice, readMade } from '../read-device.js';

interface MacvlanState {
  readonly device: string;
  readonly lower: string;
  readonly netns: string;
  readonly mac: string;
  readonly mtu?: number;
  readonly mode: string;
}

/** A macvlan made right inside its namespace, with which it goes: drivers/net/macvlan.c, ip-link(8). */
export const macvlan = defineResource<MacvlanState>({
  type: 'macvlan',
  noun: 'macvlan',
  lingers: true,
  stage: () => 'devices',
  make: ({ device, lower, netns, mac, mtu, mode }) => [
    ip(
      ...['link', 'add', 'link', lower, 'name', device, 'netns', netns, 'address', mac],
      ...[...mtuWords(mtu), 'type', 'macvlan', 'mode', mode],
    ),
  ],
  remove: ({ device, netns }, { where }) => [
    { ...ip('link', 'del', 'dev', device), where: { ...where, netns } },
  ],
  change(old, { device, lower, netns, mac, mtu, mode }, { where }) {
    if (old.lower !== lower) return 'a macvlan stays on its lower device';
    const set = (...args: readonly string[]): Act => ({
      ...ip('link', 'set', 'dev', device, ...args),
      where: { ...where, netns },
    });
    // The kernel turns nothing else into passthru, nor that into another (drivers/net/macvlan.c, macvlan_changelink).
    if (old.mode !== mode && [old.mode, mode].includes('passthru'))
      return 'mode passthru is for ever';
    return [
      ...(old.mac === mac ? [] : [set('address', mac)]),
      ...(old.mtu === mtu ? [] : [set('mtu', String(mtu ?? DEFAULT_MTU))]),
      ...(old.mode === mode ? [] : [set('type', 'macvlan', 'mode', mode)]),
    ];
  },
  questions: ({ netns }, where) => devicesOf({ ...where, netns }),
  read: (wanted, look, { where }) =>
    readDevice(look, { ...where, netns: wanted.netns }, wanted.device, wanted, (row) => {
      const mode = row.linkinfo?.info_data?.['mode'];
      return { ...readMade(wanted, row), mode: typeof mode === 'string' ? mode : wanted.mode };
    }),
});
