import { isOwnStack } from '../../../where.js';
import { defineResource, ip } from '../define.js';
import { dress, type HostDress } from '../host-device.js';
import { devicesOf, readDevice, readOptions } from '../read-device.js';

interface BridgeState {
  readonly device: string;
  readonly mac: string;
  /** By the words of ip-link(8), `type bridge`. */
  readonly options: Readonly<Record<string, string>>;
  /** Those that hold only once the bridge is there. */
  readonly late: Readonly<Record<string, string>>;
  readonly host?: HostDress;
}

const pairs = (options: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(options).flat();

/** A bridge of the kernel: net/bridge/, ip-link(8). */
export const bridge = defineResource<BridgeState>({
  type: 'bridge',
  noun: 'bridge',
  stage: (where) => (isOwnStack(where) ? 'switches' : 'inside'),
  owns: ({ device, mac, host }) =>
    host && { type: 'link', name: device, mac, bridge: true as const },
  make: ({ device, mac, options, late, host }) => [
    ip('link', 'add', 'name', device, 'address', mac, 'type', 'bridge', ...pairs(options)),
    ...Object.entries(late).map(([name, value]) => ({
      ...ip('link', 'set', 'dev', device, 'type', 'bridge', name, value),
      name,
    })),
    ...(host ? dress(device, host) : []),
  ],
  remove: ({ device }) => [ip('link', 'del', 'dev', device)],
  change(old, { device, mac, options, late }) {
    const before = { ...old.options, ...old.late };
    const now = { ...options, ...late };
    const gone = Object.keys(before).find((name) => !(name in now));
    if (gone !== undefined) return `nothing says what ${gone} was before it was set`;
    const changed = Object.entries(now).filter(([name, value]) => before[name] !== value);
    const set = ['link', 'set', 'dev', device];
    return [
      ...(old.mac === mac ? [] : [ip(...set, 'address', mac)]),
      ...changed.map(([name, value]) => ip(...set, 'type', 'bridge', name, value)),
    ];
  },
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, (row) => {
      const { options, late, host, device } = wanted;
      const shown = row.linkinfo?.info_data;
      const real = { device, mac: row.address, options: readOptions(options, shown) };
      return { ...real, late: readOptions(late, shown), ...(host && { host }) };
    }),
});
