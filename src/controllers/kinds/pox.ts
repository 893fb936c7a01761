import { defineController } from '../define.js';
import { ONLAB_GROUP } from '../frames.js';

/** POX: openflow.discovery. */
export const pox = defineController({
  kind: 'pox',
  title: 'POX',
  doc: `Sends LLDP to an address that bridges flood as any other group, so it sees links across bridges and switches that do not speak to it.`,
  discovers: [ONLAB_GROUP],
  source: 'pox/openflow/discovery.py: LLDPSender, NDP_MULTICAST',
});
