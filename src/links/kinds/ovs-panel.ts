import { z } from 'zod';
import { hopId } from '../../hops/graph.js';
import type { PanelSettings } from '../../hops/kinds/ovs-panel.js';
import { portEdge, type Hop } from '../../hops/types.js';
import { deviceName } from '../../plan/names.js';
import type { Resource } from '../../plan/resources/define.js';
import { twoPorts } from '../../topology/fields.js';
import { defineLink } from '../define.js';
import { switchPort, switchPortRequirements } from '../switch-port.js';
import { downField, downProblems } from '../ends.js';
import {
  finishChecksums,
  openFlowNumbers,
  panelBridge,
  panelFlow,
  panelPort,
  portHops,
  OF_MACHINE,
} from '../ovs.js';
import { THIS_HOST, type Lab } from '../../topology/lab.js';

/** An Open vSwitch bridge as a patch panel: ovs-vsctl(8), ovs-ofctl(8), ovs-actions(7). */
export const ovsPanel = defineLink({
  kind: 'ovs-panel',
  title: 'Open vSwitch patch panel',
  doc: `One Open vSwitch bridge with two static flows for each patch, \`in_port=A actions=output:B\` and back. It learns
nothing and knows no reserved address: LLDP, LACP, STP and PAUSE cross it like everything else, to any MAC. Many patches
share a panel, guests and namespaces alike. Frames that no patch is for are dropped (\`fail_mode=secure\`). The OpenFlow
numbers of its ports, from 1 to 65279, are derived from their names; \`ovs-ofctl show\` lists them.`,
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
  isPanel: true,
  facts: ['ovsDatapath'],
  ...OF_MACHINE,
  requirements: (link) => [
    { check: 'ovs' },
    { check: 'command', arg: 'ethtool' },
    ...switchPortRequirements(link.ends),
  ],
  plan(link, lab, facts) {
    const numberOf = openFlowNumbers(link.ends.map(({ port }) => port.ref));
    const ports = link.ends.map((end) => ({
      ...switchPort(lab, end, facts.ovsDatapath === 'system', link.spec.down),
      ref: end.port.ref,
      number: numberOf(end.port.ref),
    }));
    const bridge = deviceName('ov', lab.name, link.id);
    const panel = (a: PanelPort, b: PanelPort, settings: PanelSettings): Hop => ({
      id: hopId(THIS_HOST, `${bridge} ${a.ref}-${b.ref}`),
      kind: 'ovs-panel',
      stack: THIS_HOST,
      where: lab.here,
      device: bridge,
      label: `${link.id} panel`,
      settings,
    });
    const portAt = (end: number) => ports[end] ?? fail(end);
    const patchOf = (settings: (a: PanelPort, b: PanelPort) => PanelSettings) => {
      return ([a, b]: readonly [number, number]) => {
        const [one, other] = [portAt(a), portAt(b)];
        return { one, other, hop: panel(one, other, settings(one, other)) };
      };
    };
    const made = link.cables.map(patchOf(() => ({})));
    const ids = new Set(made.map(({ hop }) => hop.id));
    const inFile = (link.cablesInFile ?? []).map(
      patchOf((a, b) => ({
        unpatched: `Patch them: \`patchlab patch ${link.id} ${a.ref} ${b.ref}\`.`,
      })),
    );
    const patches = [...made, ...inFile.filter(({ hop }) => !ids.has(hop.id))];
    return {
      resources: [
        ...ports.map((port) => port.resource),
        panelBridge(lab, bridge, facts.ovsDatapath, `${link.id}: patch panel`),
        ...ports.map(({ device, number }) => panelPort(lab, bridge, device, number)),
        ...made.flatMap(({ one, other }) => [
          crossConnect(lab, bridge, one, other),
          crossConnect(lab, bridge, other, one),
        ]),
        ...(facts.ovsDatapath === 'netdev' ? link.ends.flatMap(finishChecksums) : []),
      ],
      attachments: ports.map((port) => port.attachment),
      hops: {
        hops: [...portHops(ports).hops, ...patches.map((patch) => patch.hop)],
        edges: [
          ...portHops(ports).edges,
          ...patches.flatMap(({ one, other, hop }) => [
            portEdge(one.device.hop, hop.id),
            portEdge(other.device.hop, hop.id),
          ]),
        ],
      },
    };
  },
});

function fail(end: number): never {
  throw new RangeError(`end ${end} has no port`);
}

interface PanelPort {
  readonly ref: string;
  /** Of OpenFlow. */
  readonly number: number;
}

const crossConnect = (lab: Lab, bridge: string, from: PanelPort, to: PanelPort): Resource =>
  panelFlow(
    lab,
    bridge,
    from.ref,
    `priority=100,in_port=${from.number}`,
    `output:${to.number}`,
    `what enters by ${from.ref} leaves by ${to.ref}`,
  );
