import { defineResource, ip, type Act } from '../define.js';
import { devicesOf, readDevice } from '../read-device.js';

interface DeviceState {
  readonly device: string;
  /** Set up, and perhaps down again. */
  readonly states: readonly ('up' | 'down')[];
  /** The one with a subnet of its own too that was set up before it: its routes come first. */
  readonly after?: string | undefined;
}

const set = (device: string, state: 'up' | 'down'): Act => ip('link', 'set', 'dev', device, state);

/** A device that is set up, or left down though its addresses have been given: ip-link(8). */
export const deviceState = defineResource<DeviceState>({
  type: 'device-state',
  noun: 'state of a device',
  stage: () => 'inside',
  make: ({ device, states }) =>
    states.map((state) => ({ ...set(device, state), ...(state === 'down' && { name: 'down' }) })),
  remove: ({ device, states }) => [set(device, states.at(-1) === 'up' ? 'down' : 'up')],
  change: (old, { device, states, after }) =>
    old.after === after
      ? [set(device, states.at(-1) ?? 'up')]
      : 'the routes of its subnets are to come in another order',
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ flags }) => {
      const { device, states, after } = wanted;
      const state = flags.includes('UP') ? 'up' : 'down';
      const isSo = states.at(-1) === state;
      return { device, states: isSo ? states : [state], ...(after !== undefined && { after }) };
    }),
});
