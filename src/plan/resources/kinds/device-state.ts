import { defineResource, ip } from '../define.js';

interface DeviceState {
  readonly device: string;
  readonly state: 'up' | 'down';
  /** The one with a subnet of its own too that was set up before it: its routes come first. */
  readonly after?: string | undefined;
}

/** A device that is set up, or left down though its node has set it up: ip-link(8). */
export const deviceState = defineResource<DeviceState>({
  type: 'device-state',
  noun: 'state of a device',
  stage: () => 'inside',
  make: ({ device, state }) => [ip('link', 'set', 'dev', device, state)],
  remove: ({ device, state }) => [ip('link', 'set', 'dev', device, state === 'up' ? 'down' : 'up')],
});
