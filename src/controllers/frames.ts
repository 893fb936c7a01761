import type { DiscoveryFrame } from './define.js';

/** Frames that several controllers discover links with. */

const LLDP = 0x88cc;

/** IEEE 802.1AB: the nearest bridge, which hands it on to nobody. */
export const LLDP_GROUP: DiscoveryFrame = {
  ...{ dst: '01:80:c2:00:00:0e', etherType: LLDP },
  name: 'LLDP to the nearest bridge (01:80:c2:00:00:0e)',
};

/** An address of ON.Lab, that bridges flood as any other group. */
export const ONLAB_GROUP: DiscoveryFrame = {
  ...{ dst: '01:23:20:00:00:01', etherType: LLDP },
  name: 'LLDP to 01:23:20:00:00:01',
};
