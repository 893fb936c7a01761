import { z } from 'zod';
import { hopId } from '../../hops/graph.js';
import { portEdge, type Hop } from '../../hops/types.js';
import { onHost, type Resource } from '../../plan/resources/define.js';
import { redirect as redirection } from '../../plan/resources/kinds/redirect.js';
import { twoPorts } from '../../topology/fields.js';
import { defineLink } from '../define.js';
import type { HostDevice } from '../devices.js';
import { switchPort, switchPortRequirements, type SwitchPort } from '../switch-port.js';
import { downField, downProblems, pairEnds } from '../ends.js';
import { THIS_HOST, type Lab } from '../../topology/lab.js';

/** Two devices of the host, each of which sends out what the other receives: tc(8), tc-mirred(8), tc-u32(8). */
export const redirect = defineLink({
  kind: 'redirect',
  title: 'tc redirect',
  doc: `A tap for each guest, or a veth for each namespace, and a filter at the ingress of each that redirects every frame to
the egress of the other. There is no bridge: nothing learns, nothing is reserved, every class crosses, to any MAC. The
frame is taken before the host's own stack could see it.`,
  example: `name: redirected
nodes:
  sw1: { kind: vm, addresses: { eth1: 10.0.0.1/24 } }
  sw2: { kind: vm, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: redirect, ends: [sw1:eth1, sw2:eth1] }
`,
  schema: z.strictObject({
    kind: z.literal('redirect'),
    ends: twoPorts.describe('The two ports that the cable joins'),
    down: downField,
  }),
  offers: ['tap', 'netdev'],
  ends: (spec) => pairEnds(spec.ends),
  cables: () => [[0, 1]],
  validate: ({ ends, down }) =>
    downProblems(
      ends.map((port) => ({ port })),
      down,
    ),
  requirements: (link) => [{ check: 'tc-redirect' }, ...switchPortRequirements(link.ends)],
  plan(link, lab) {
    const ports = link.ends.map((end) => switchPort(lab, end, true, link.spec.down));
    const [a, b] = ports as [SwitchPort, SwitchPort];
    const name = `redirect ${a.device.device}-${b.device.device}`;
    const hop: Hop = {
      id: hopId(THIS_HOST, name),
      kind: 'redirect',
      stack: THIS_HOST,
      where: lab.here,
      device: name,
      label: `${link.id} redirect`,
      settings: { noDevice: true },
    };
    return {
      resources: [
        ...ports.map((port) => port.resource),
        lead(lab, a.device, b.device),
        lead(lab, b.device, a.device),
      ],
      attachments: ports.map((port) => port.attachment),
      hops: {
        hops: [...ports.flatMap((port) => port.hops.hops), hop],
        edges: ports.flatMap((port) => [...port.hops.edges, portEdge(port.device.hop, hop.id)]),
      },
    };
  },
});

/** Send out by a device what another receives. */
const lead = (lab: Lab, from: HostDevice, to: HostDevice): Resource =>
  redirection.of({
    ...onHost(lab),
    id: `redirect ${from.device}`,
    wanted: { from: from.device, to: to.device },
    in: [from.hop],
    needs: [to.hop],
    why: `what ${from.device} receives leaves by ${to.device}`,
  });
