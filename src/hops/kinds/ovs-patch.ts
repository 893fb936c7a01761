import { defineHop, PASS } from '../types.js';

/** A patch port of an Open vSwitch bridge: ovs-vswitchd.conf.db(5) Interface, type `patch`; ofproto/ofproto-dpif-xlate.c, patch_port_output. */
export const ovsPatch = defineHop({
  kind: 'ovs-patch',
  doc: 'A patch port of an Open vSwitch bridge. What it is given to send enters the bridge of its peer, whatever it is and however long: both bridges are looked up before any octet is sent. There is no device that could be captured, or that could drop anything.',
  drops: [],
  // As Open vSwitch has it: `ovs-appctl stp/show`.
  pathCost: 2,
  observable: () => false,
  forward: () => PASS,
});
