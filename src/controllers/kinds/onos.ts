import { BROADCAST } from '../../frames/mac.js';
import { defineController } from '../define.js';
import { LLDP_GROUP, ONLAB_GROUP } from '../frames.js';

/** ONOS: org.onosproject.provider.lldpcommon.LinkDiscovery. */
export const onos = defineController({
  kind: 'onos',
  title: 'ONOS',
  doc: `Sends LLDP to the nearest bridge and to an address of its own, and a broadcast of EtherType 0x8942 (BDDP). The latter two cross bridges and switches that do not
speak to it, so it sees links that are no cables, too.`,
  discovers: [
    LLDP_GROUP,
    ONLAB_GROUP,
    { dst: BROADCAST, etherType: 0x8942, name: 'BDDP (broadcast, EtherType 0x8942)' },
  ],
  source: 'onlab-packet ONOSLLDP.java; providers/lldpcommon LinkDiscovery.java: sendProbes',
});
