import { defineResource, ip } from '../define.js';
import { devicesOf, readDevice } from '../read-device.js';

interface VrfState {
  readonly device: string;
  readonly mac: string;
  readonly table: number;
}

/** A VRF without its members: drivers/net/vrf.c, ip-link(8). */
export const vrf = defineResource<VrfState>({
  type: 'vrf',
  noun: 'VRF',
  stage: () => 'inside',
  make: ({ device, mac, table }) => [
    ip('link', 'add', 'name', device, 'address', mac, 'type', 'vrf', 'table', String(table)),
  ],
  remove: ({ device }) => [ip('link', 'del', 'dev', device)],
  change: (old, { device, mac, table }) =>
    old.table === table
      ? [ip('link', 'set', 'dev', device, 'address', mac)]
      : 'a VRF keeps its table',
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ address, linkinfo }) => {
      const shown = linkinfo?.info_data?.table;
      return {
        ...{ device: wanted.device, mac: address },
        table: typeof shown === 'number' ? shown : wanted.table,
      };
    }),
});
