import { z } from 'zod';
import { virtualRouterMac, vrrpAdvertisement } from '../../frames/templates/routers.js';
import { defineProbe } from '../define.js';
import { prepareGenerated } from '../generated.js';

/** An advertisement of a virtual router, sent by trafgen(8): RFC 5798. */
export const vrrp = defineProbe({
  kind: 'vrrp',
  title: 'VRRP advertisement',
  doc: `trafgen sends at \`from\` the advertisement by which a virtual router says that it is there: from the MAC 00:00:5e:00:01:VRID, which is no NIC's own, to the
group 224.0.0.18 with a time to live of 255. A switch that lets only certain MACs send shows here. The group is joined at \`to\` while the probe runs, as a backup router
does. It has the lowest priority, so that no router gives way to it.`,
  schema: z.strictObject({
    probe: z.literal('vrrp'),
    vrid: z.int().min(1).max(255).default(51).describe('Number of the virtual router'),
  }),
  filter: 'ip proto 112 or ether proto 0x8100',
  oneWay: true,
  programs: ['trafgen'],
  prepare: (check, ends, around) =>
    prepareGenerated(
      {
        ...{ kind: 'vrrp', class: 'vrrp', variant: `VRID ${check.vrid}`, key: [check.vrid] },
        ...{ recipe: vrrpAdvertisement(check.vrid), src: virtualRouterMac(check.vrid) },
      },
      check,
      ends,
      around,
    ),
});
