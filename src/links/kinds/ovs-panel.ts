import { z } from 'zod';
import { hopId } from '../../hops/graph.js';
import { portEdge, type Hop } from '../../hops/types.js';
import { deviceName } from '../../plan/names.js';
import { LOCAL } from '../../plan/step.js';
import type { Resource } from '../../plan/resources/define.js';
import { twoPorts } from '../../topology/fields.js';
import { defineLink } from '../define.js';
import { switchPort, switchPortRequirements } from '../switch-port.js';
import { downField, downProblems } from '../ends.js';
import { finishChecksums, panelBridge, panelFlow, panelPort, portHops } from '../ovs.js';
import { THIS_HOST } from '../../topology/lab.js';

/** An Open vSwitch bridge as a patch panel: ovs-vsctl(8), ovs-ofctl(8), ovs-actions(7). */
export const ovsPanel = defineLink({
  kind: 'ovs-panel',
  title: 'Open vSwitch patch panel',
  doc: `One Open vSwitch bridge with two static flows for each patch, \`in_port=A actions=output:B\` and back. It learns
nothing and knows no reserved address: LLDP, LACP, STP and PAUSE cross it like everything else, to any MAC. Many patches
share a panel, guests and namespaces alike. Frames that no patch is for are dropped (\`fail_mode=secure\`).`,
  example: `name: panel
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
  c: { kind: netns, addresses: { eth1: 10.0.1.1/24 } }
  d: { kind: netns, addresses: { eth1: 10.0.1.2/24 } }
links:
  - kind: ovs-panel
    patches:
      - [a:eth1, b:eth1]
      - [c:eth1, d:eth1]
`,
  schema: z.strictObject({
    kind: z.literal('ovs-panel'),
    patches: z.array(twoPorts).min(1).describe('Pairs of ports that are cross-connected'),
    down: downField,
  }),
  offers: ['tap', 'netdev'],
  variants: { between: (a, b) => ({ patches: [[a, b]] }) },
  auto: { cost: 4, tries: ['plain'] },
  ends: (spec) =>
    spec.patches.flatMap((patch, p) =>
      patch.map((ref, index) => ({ ref, path: ['patches', p, index] })),
    ),
  cables: (spec) => spec.patches.map((_, p) => [2 * p, 2 * p + 1]),
  validate: ({ patches, down }) =>
    downProblems(
      patches.flat().map((port) => ({ port })),
      down,
    ),
  facts: ['ovsDatapath'],
  requirements: (link) => [
    { check: 'ovs' },
    { check: 'command', arg: 'ethtool' },
    ...switchPortRequirements(link.ends),
  ],
  plan(link, lab, facts) {
    const ports = link.ends.map((end) =>
      switchPort(lab, end, facts.ovsDatapath === 'system', link.spec.down),
    );
    const bridge = deviceName('ov', lab.name, link.id);
    const panel = (a: number, b: number): Hop => ({
      id: hopId(THIS_HOST, `${bridge} ${a + 1}-${b + 1}`),
      kind: 'ovs-panel',
      stack: THIS_HOST,
      where: LOCAL,
      device: bridge,
      label: `${link.id} panel`,
      settings: {},
    });
    const patches = link.cables.map(([a, b]) => ({ a, b, hop: panel(a, b) }));
    const deviceOf = (end: number) => ports[end]?.device ?? fail(end);
    return {
      resources: [
        ...ports.map((port) => port.resource),
        panelBridge(lab, bridge, facts.ovsDatapath, `${link.id}: patch panel`),
        ...ports.map((port, index) => panelPort(lab, bridge, port.device, index + 1)),
        ...patches.flatMap(({ a, b }) => [crossConnect(bridge, a, b), crossConnect(bridge, b, a)]),
        ...(facts.ovsDatapath === 'netdev' ? link.ends.flatMap(finishChecksums) : []),
      ],
      attachments: ports.map((port) => port.attachment),
      hops: {
        hops: [...portHops(ports).hops, ...patches.map((patch) => patch.hop)],
        edges: [
          ...portHops(ports).edges,
          ...patches.flatMap(({ a, b, hop }) => [
            portEdge(deviceOf(a).hop, hop.id),
            portEdge(deviceOf(b).hop, hop.id),
          ]),
        ],
      },
    };
  },
});

function fail(end: number): never {
  throw new RangeError(`end ${end} has no port`);
}

const crossConnect = (bridge: string, from: number, to: number): Resource =>
  panelFlow(
    bridge,
    `${from + 1} ${to + 1}`,
    `priority=100,in_port=${from + 1}`,
    `output:${to + 1}`,
    `what enters port ${from + 1} leaves by port ${to + 1}`,
  );
