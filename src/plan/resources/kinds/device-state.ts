import { defineResource, ip, type Act } from '../define.js';
import { devicesOf, readDevice } from '../read-device.js';

type UpOrDown = 'up' | 'down';

interface DeviceState {
  readonly device: string;
  readonly state: UpOrDown;
  /** The one with a subnet of its own too that was set up before it: its routes come first. */
  readonly after?: string | undefined;
}

const set = (device: string, state: UpOrDown): Act => ip('link', 'set', 'dev', device, state);

/** The name of a device that is up among what a lab makes. */
export const upId = (stack: string, device: string): string => `${stack} up ${device}`;

/** A device that is set up, or left down: ip-link(8). */
export const deviceState = defineResource<DeviceState>({
  type: 'device-state',
  noun: 'state of a device',
  stage: () => 'inside',
  make: ({ device, state }) => [set(device, state)],
  remove: ({ device }) => [set(device, 'down')],
  change(old, { device, state, after }) {
    if (old.after !== after) return 'the routes of its subnets are to come in another order';
    return state === 'up' ? [set(device, state)] : 'its addresses of IPv6 go when it is set down';
  },
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ flags }) => {
      const { device, after } = wanted;
      const state = flags.includes('UP') ? 'up' : 'down';
      return { device, state, ...(after !== undefined && { after }) };
    }),
});
