import { defineController } from '../define.js';

/** OpenDaylight: openflowplugin, topology-lldp-discovery. */
export const odl = defineController({
  kind: 'odl',
  title: 'OpenDaylight',
  doc: `Sends LLDP to an address that bridges flood as any other group, so it sees links across bridges and switches that do not speak to it.`,
  discovers: [{ dst: '01:23:00:00:00:01', etherType: 0x88cc, name: 'LLDP to 01:23:00:00:00:01' }],
  source: 'openflowplugin LLDPUtil.java; lldp-speaker LLDPSpeaker.java',
});
