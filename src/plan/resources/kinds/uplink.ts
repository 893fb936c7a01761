import { defineResource, ip } from '../define.js';
import { devicesOf, readDevice } from '../read-device.js';

/** A real interface of the machine as a port of a bridge of a lab. */
export interface UplinkState {
  readonly device: string;
  readonly bridge: string;
}

/**
 * A real interface of the machine that the file names. It is made a port and nothing else is set of it; a bridge that goes lets
 * its ports go as they were, promiscuity included (net/bridge/br_if.c, br_del_bridge, del_nbp).
 */
export const uplink = defineResource<UplinkState>({
  type: 'uplink',
  noun: 'uplink',
  stage: () => 'attach',
  make: ({ device, bridge }) => [ip('link', 'set', 'dev', device, 'master', bridge)],
  remove: ({ device }) => [ip('link', 'set', 'dev', device, 'nomaster')],
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ master }) =>
      master === wanted.bridge ? wanted : undefined,
    ),
});
