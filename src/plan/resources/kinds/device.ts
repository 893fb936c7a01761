import { defineResource, ip } from '../define.js';
import { devicesOf, readDevice } from '../read-device.js';

interface DeviceState {
  readonly device: string;
  /** The device below it. */
  readonly lower?: string;
  readonly mac?: string;
  /** Its kind and what is set of that, as ip-link(8) has it after `type`. */
  readonly words: readonly string[];
}

/** A network device inside a node, of whatever kind: ip-link(8). */
export const device = defineResource<DeviceState>({
  type: 'device',
  noun: 'network device',
  stage: () => 'inside',
  make: ({ device: name, lower, mac, words }) => [
    ip(
      ...['link', 'add', ...(lower === undefined ? [] : ['link', lower]), 'name', name],
      ...(mac === undefined ? [] : ['address', mac]),
      ...['type', ...words],
    ),
  ],
  remove: ({ device: name }) => [ip('link', 'del', 'dev', name)],
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) => readDevice(look, where, wanted.device, wanted, () => wanted),
});
