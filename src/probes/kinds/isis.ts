import { z } from 'zod';
import { isisHello } from '../../frames/templates/routers.js';
import { defineProbe } from '../define.js';
import { prepareGenerated } from '../generated.js';

/** A hello of IS-IS on a LAN, sent by trafgen(8): ISO/IEC 10589. */
export const isis = defineProbe({
  kind: 'isis',
  title: 'IS-IS hello',
  doc: `trafgen sends at \`from\` the hello by which IS-IS finds its neighbours on a LAN: no packet of IP, but a frame with a length and LLC, to 01:80:c2:00:00:14
(level 1) or 01:80:c2:00:00:15 (level 2). Those are none of the addresses that bridges keep to themselves. The group is joined at \`to\` while the probe runs, as a router does;
the hello holds for one second.`,
  schema: z.strictObject({
    probe: z.literal('isis'),
    level: z
      .union([z.literal(1), z.literal(2)])
      .default(1)
      .describe('Level whose routers are greeted'),
  }),
  filter: 'ether[12:2] <= 1500 or ether proto 0x8100',
  oneWay: true,
  programs: ['trafgen'],
  prepare: (check, ends, around) =>
    prepareGenerated(
      {
        ...{ kind: 'isis', class: 'isis', variant: `level ${check.level}`, key: [check.level] },
        recipe: isisHello(check.level),
      },
      check,
      ends,
      around,
    ),
});
