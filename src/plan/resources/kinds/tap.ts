import { defineResource, ip } from '../define.js';
import { DEFAULT_MTU, dress, mtuWords, redress, type HostDress } from '../host-device.js';
import { devicesOf, readDevice, readMade } from '../read-device.js';

interface TapState {
  readonly device: string;
  readonly mac: string;
  readonly mtu?: number;
  readonly host: HostDress;
}

/** A tap that stays when the guest stops, so that a restart finds its switch port as it was: ip-tuntap(8). */
export const tap = defineResource<TapState>({
  type: 'tap',
  noun: 'tap',
  stage: () => 'devices',
  owns: ({ device, mac }) => ({ type: 'link', name: device, mac, lateMac: 'tun' }),
  make: ({ device, mac, mtu, host }) => [
    ip('tuntap', 'add', 'dev', device, 'mode', 'tap', 'vnet_hdr'),
    ...dress(device, host, mtu, ['address', mac, ...mtuWords(mtu)]),
  ],
  remove: ({ device }) => [ip('link', 'del', 'dev', device)],
  change(old, { device, mac, mtu, host }) {
    const set = ['link', 'set', 'dev', device];
    return [
      ...(old.mac === mac ? [] : [ip(...set, 'address', mac)]),
      ...(old.mtu === mtu ? [] : [ip(...set, 'mtu', String(mtu ?? DEFAULT_MTU))]),
      ...redress(device, old.host, host),
    ];
  },
  pulled: (wanted, { makes = [] }) => ({
    wanted: { ...wanted, host: { ...wanted.host, up: false } },
    down: makes,
  }),
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, (row) => readMade(wanted, row)),
});
