import { LOCAL } from '../../../where.js';
import { defineResource, ip } from '../define.js';
import { mtuWords } from '../host-device.js';

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
  remove: ({ device, netns }) => [
    { ...ip('link', 'del', 'dev', device), where: { ...LOCAL, netns } },
  ],
});
