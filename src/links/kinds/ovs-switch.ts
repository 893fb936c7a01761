import { z } from 'zod';
import { hopId } from '../../hops/graph.js';
import { parseFlow } from '../../hops/openflow/parse-flow.js';
import type { OvsSettings } from '../../hops/openflow/settings.js';
import { PLAIN_VLANS } from '../../hops/openflow/vlan-modes.js';
import { portEdge, type Hop } from '../../hops/types.js';
import { deviceName, macAddress } from '../../plan/names.js';
import type { Problem } from '../../topology/problem.js';
import { groupOrUnicastMac, portRef } from '../../topology/fields.js';
import { defineLink } from '../define.js';
import { switchPort, switchPortRequirements, type SwitchPort } from '../switch-port.js';
import { downField, downProblems, endField, everyPair, notAnEnd, portEnds } from '../ends.js';
import {
  ovsTree,
  ovsTreeFields,
  ovsTreePortFields,
  ovsTreeProblems,
  treeOfBridge,
  treeOfPort,
} from '../../devices/ovs-tree.js';
import {
  finishChecksums,
  openFlowNumbers,
  panelBridge,
  panelFlow,
  panelPort,
  portHops,
  OF_MACHINE,
} from '../ovs.js';
import { THIS_HOST } from '../../topology/lab.js';

const end = endField({
  ...ovsTreePortFields,
  lldp: z
    .boolean()
    .default(false)
    .describe('Let Open vSwitch itself speak LLDP on this port; it then takes every LLDP frame'),
});

const flow = z.strictObject({
  from: portRef.describe('The end that the frame enters by'),
  to: z.array(portRef).describe('The ends that it leaves by; none to drop it'),
  dst: groupOrUnicastMac.optional().describe('Only frames for this MAC; all when left out'),
  priority: z
    .int()
    .min(1)
    .max(65535)
    .default(100)
    .describe('The highest flow that fits decides; NORMAL has priority 0'),
});
type Flow = z.output<typeof flow>;

/** An Open vSwitch bridge as a learning switch: ovs-vswitchd.conf.db(5), ovs-actions(7) `NORMAL`. */
export const ovsSwitch = defineLink({
  kind: 'ovs-switch',
  title: 'Open vSwitch switch',
  doc: `One Open vSwitch bridge with any number of ports that learns and floods (the action NORMAL). It keeps the reserved group
addresses 01:80:c2:00:00:0x and Cisco's (CDP, PVST+) to itself, until \`forward_bpdu\` lets them through, PAUSE included. A
port with \`lldp: true\` takes every LLDP frame. Static \`flows\` go before NORMAL: what they match they forward whatever its address.
The OpenFlow numbers of its ports, from 1 to 65279, are derived from their names; \`ovs-ofctl show\` lists them.`,
  example: `name: switch
nodes:
  a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
  c: { kind: netns, addresses: { eth1: 10.0.0.3/24 } }
links:
  - kind: ovs-switch
    ends: [a:eth1, b:eth1, { port: c:eth1, lldp: true }]
    flows:
      - { from: a:eth1, to: [b:eth1], dst: '01:80:c2:00:00:0e' }
`,
  schema: z.strictObject({
    kind: z.literal('ovs-switch'),
    ends: z.array(end).min(2).describe('The ports that the switch joins'),
    down: downField,
    forward_bpdu: z
      .boolean()
      .default(false)
      .describe('Forward reserved group addresses like any other (`other_config:forward-bpdu`)'),
    flows: z.array(flow).default([]).describe('Static flows that go before NORMAL'),
    ...ovsTreeFields,
  }),
  offers: ['tap', 'netdev'],
  ends: (spec) => portEnds(spec.ends),
  cables: (spec) => everyPair(spec.ends),
  validate: (spec) => [
    ...downProblems(spec.ends, spec.down),
    ...ovsTreeProblems(spec),
    ...repeated(spec.flows),
    ...notAnEnd(
      spec.ends,
      spec.flows.flatMap(({ from, to }, index) => [
        { ref: from, path: ['flows', index, 'from'] },
        ...to.map((ref, port) => ({ ref, path: ['flows', index, 'to', port] })),
      ]),
    ),
  ],
  facts: ['ovsDatapath'],
  ...OF_MACHINE,
  requirements: (link) => [
    { check: 'ovs' },
    { check: 'command', arg: 'ethtool' },
    ...switchPortRequirements(link.ends),
  ],
  plan(link, lab, { ovsDatapath }) {
    const { ends, flows, forward_bpdu: forwardBpdu } = link.spec;
    const ports = link.ends.map((each) =>
      switchPort(lab, each, ovsDatapath === 'system', link.spec.down),
    );
    const bridge = deviceName('ov', lab.name, link.id);
    const numberOf = openFlowNumbers(link.ends.map(({ port }) => port.ref));
    const portOf = (ref: string) => link.ends.findIndex(({ port }) => port.ref === ref);
    const idOf = (ref: string) => ports[portOf(ref)]?.device.hop ?? '';
    const texts = [
      { match: 'priority=0', actions: 'NORMAL', id: 'normal', why: 'learn and flood' },
      ...flows.map((each) => staticFlow(each, numberOf)),
    ];
    const lldp = ends.filter((each) => each.lldp).map((each) => idOf(each.port));
    const tree = ovsTree(link.spec, macAddress(lab.name, bridge), idOf);
    const hop: Hop<OvsSettings> = {
      id: hopId(THIS_HOST, bridge),
      kind: 'ovs-switch',
      stack: THIS_HOST,
      where: lab.here,
      device: bridge,
      label: `${link.id} switch`,
      settings: {
        ...{ forwardBpdu, lldp, ...(tree && { tree }) },
        flows: texts.map(({ match, actions }) => parseFlow(`${match},actions=${actions}`)),
        ports: Object.fromEntries(
          ends.map(({ port }) => [idOf(port), { number: numberOf(port), vlans: PLAIN_VLANS }]),
        ),
      },
    };
    return {
      resources: [
        ...ports.map((port) => port.resource),
        panelBridge(lab, bridge, ovsDatapath, `${link.id}: switch`, [
          ...(forwardBpdu ? ['other_config:forward-bpdu=true'] : []),
          ...treeOfBridge(tree),
        ]),
        ...ports.map(({ device }, index) =>
          panelPort(lab, bridge, device, numberOf(ends[index]?.port ?? ''), {
            ofInterface: ends[index]?.lldp ? ['lldp:enable=true'] : [],
            ofPort: treeOfPort(tree, device.hop),
          }),
        ),
        ...texts.map(({ id, match, actions, why }) =>
          panelFlow(lab, bridge, id, match, actions, why),
        ),
        ...(ovsDatapath === 'netdev' ? link.ends.flatMap(finishChecksums) : []),
      ],
      attachments: ports.map((port) => port.attachment),
      hops: joinTo(hop, ports),
    };
  },
});

const joinTo = (hop: Hop, ports: readonly SwitchPort[]) => {
  const { hops, edges } = portHops(ports);
  return {
    hops: [...hops, hop],
    edges: [...edges, ...ports.map(({ device }) => portEdge(device.hop, hop.id))],
  };
};

/** What tells a flow from the others of the switch: of two alike Open vSwitch keeps the last. */
const matchOf = ({ from, dst, priority }: Flow): string =>
  [from, ...(dst === undefined ? [] : [dst]), priority].join(' ');

/** Flows that match the same as one before them. */
const repeated = (flows: readonly Flow[]): readonly Problem[] => {
  const known = flows.map(matchOf);
  return flows.flatMap((flow, index) =>
    known.indexOf(matchOf(flow)) === index
      ? []
      : [
          {
            code: 'topology/wrong-value',
            path: ['flows', index],
            what: 'Another flow matches the same with the same priority.',
            fix: 'put all ports into `to` of one of them, or give one another `priority`',
          },
        ],
  );
};

function staticFlow(flow: Flow, numberOf: (ref: string) => number) {
  const { from, to, dst, priority } = flow;
  const match = [`in_port=${numberOf(from)}`, ...(dst === undefined ? [] : [`dl_dst=${dst}`])];
  return {
    id: matchOf(flow),
    match: [`priority=${priority}`, ...match].join(','),
    actions: to.map((ref) => `output:${numberOf(ref)}`).join(',') || 'drop',
    why: `what enters by ${from}${dst === undefined ? '' : ` for ${dst}`} ${to.length === 0 ? 'is dropped' : `leaves by ${to.join(', ')}`}`,
  };
}
