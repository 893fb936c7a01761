import { groupsIn, parseGroup } from '../../hops/openflow/group.js';
import { parseFlow } from '../../hops/openflow/parse-flow.js';
import { LOCAL_PORT, VERSIONS, type FlowRule } from '../../hops/openflow/flow.js';
import { flowKey } from '../../hops/openflow/same-flow.js';
import type { OvsSettings } from '../../hops/openflow/settings.js';
import { PLAIN_VLANS } from '../../hops/openflow/vlan-modes.js';
import { portEdge, type Hop } from '../../hops/types.js';
import { group as groupResource } from '../../plan/resources/kinds/group.js';
import { flow as flowResource } from '../../plan/resources/kinds/flow.js';
import { ovsBridge } from '../../plan/resources/kinds/ovs-bridge.js';
import { defineDevice, type DeviceContext } from '../define.js';
import { parseLocal } from '../local.js';
import { ovsSchema, portNumbers } from '../ovs-options.js';
import type { OvsDeviceSpec } from '../ovs-options.js';
import { flowText, groupText } from '../ovs-text.js';
import { mirrorNameProblems, mirrorResources, mirrorSettings } from '../ovs-mirrors.js';
import { patchProblems } from '../ovs-patches.js';
import { patchHops, patchPorts, portResources, portSettings, takenPorts } from '../ovs-ports.js';
import { ovsTree, treeOfBridge } from '../ovs-tree.js';

/** Is a port for the copies of a mirror alone? Such a one takes no part in a spanning tree (vswitchd/bridge.c, port_configure_stp). */
const isForCopies = ({ mirrors }: OvsDeviceSpec, port: string): boolean =>
  mirrors.some(({ output_port: output }) => output === port);

/** Its part in a spanning tree, by the ids of the hops of its ports. */
const treeOf = (spec: OvsDeviceSpec, context: DeviceContext) =>
  ovsTree(
    { ...spec, ends: spec.ports.filter(({ port }) => !isForCopies(spec, port)) },
    context.mac(parseLocal(spec.name)),
    (port) => context.hopId(parseLocal(port)),
  );

/** What `standalone` does where no controller is named: ofproto/ofproto.c, the flow that a bridge begins with. */
const LEARN_AND_FLOOD = 'priority=0,actions=NORMAL';

/** The flows as the model reads them. */
function flowsOf(spec: OvsDeviceSpec): readonly FlowRule[] {
  const numbers = portNumbers(spec.ports);
  const own = spec.flows.map((text) => parseFlow(text, (port) => numbers.get(port)));
  const isStandalone = spec.fail_mode === 'standalone' && spec.controllers.length === 0;
  const first = parseFlow(LEARN_AND_FLOOD);
  return isStandalone && !own.some((one) => flowKey(one) === flowKey(first))
    ? [...own, first]
    : own;
}

/** The groups, as they are written and as the model reads them. */
function groupsOf(spec: OvsDeviceSpec) {
  const numbers = portNumbers(spec.ports);
  return spec.groups.flatMap((text) => {
    const rule = parseGroup(text, (port) => numbers.get(port));
    return rule ? [{ text, rule }] : [];
  });
}

/** A bridge of Open vSwitch inside a guest or a namespace: ovs-vswitchd.conf.db(5). */
export const ovs = defineDevice({
  kind: 'ovs',
  title: 'Open vSwitch bridge in a node',
  doc: `A bridge of the Open vSwitch that runs in a guest of the template \`switch\`, on the datapath of its kernel; or of one that runs in a network namespace of this
machine for that namespace alone, on the datapath of this kernel where it has one, else in userspace. The machine's own Open vSwitch is not touched. Without more it learns and
floods; \`fail_mode: secure\` leaves all to \`flows\`, in the syntax of ovs-ofctl(8), and to controllers. Its ports have OpenFlow numbers in the order of the
file, or those that the file names. The bridge's own device, which has its name, is its port LOCAL. A port with a \`peer\` is a patch port, which joins it to another
bridge of its namespace. \`mirrors\` copy what enters or leaves by ports to a port of their own, or into a VLAN. Reserved group addresses (LLDP) stop at NORMAL unless
\`forward_bpdu\` lets them through; a flow that outputs them carries them all. \`groups\` are what flows hand frames to: copies, the first port
that is alive, one by a hash. What becomes of a frame is predicted from the flows and groups; where one of them asks for what the
model does not read, or a controller decides, the prediction says that nobody can tell.`,
  example: `{ kind: ovs, name: br0, ports: [eth1, { port: c1up, number: 7 }], flows: ['priority=10,in_port=eth1,dl_type=0x88cc,actions=drop'] }`,
  schema: ovsSchema,
  kernelKind: 'openvswitch',
  facts: ['ovsDatapath'],
  daemon: {
    ...{ name: 'Open vSwitch', guest: 'switch' },
    programs: [
      'ovsdb-tool',
      'ovsdb-server',
      'ovs-vswitchd',
      'ovs-vsctl',
      'ovs-ofctl',
      'ovs-appctl',
    ],
  },
  makes: (spec) => [
    { ...parseLocal(spec.name), path: ['name'], mac: spec.mac },
    ...patchPorts(spec),
  ],
  takes: takenPorts,
  together: (bridges) => [...patchProblems(bridges), ...mirrorNameProblems(bridges)],
  plan(spec, context) {
    const self = parseLocal(spec.name);
    const { stack: _stack, ...place } = context.inside(self.namespace);
    const its = context.openVswitch(self.namespace);
    const { name } = self;
    const hop = context.hopId(self);
    const numbers = portNumbers(spec.ports);
    const tree = treeOf(spec, context);
    const lab = context.lab;
    const versions = spec.protocols.length === 0 ? VERSIONS : spec.protocols.join(',');
    const bridge = ovsBridge.of({
      ...{ ...place, id: `ovs ${hop}`, makes: [hop], in: its.in },
      wanted: {
        ...{ name, lab, datapath: its.datapath, mac: context.mac(self), failMode: spec.fail_mode },
        columns: [
          `other_config:forward-bpdu=${spec.forward_bpdu}`,
          `protocols=${spec.protocols.length === 1 ? versions : `[${spec.protocols.toSorted().join(',')}]`}`,
          ...(spec.datapath_id === undefined
            ? []
            : [`other_config:datapath-id=${spec.datapath_id}`]),
          ...treeOfBridge(tree),
        ],
        controllers: spec.controllers.toSorted(),
      },
      why: `Open vSwitch bridge ${spec.name}`,
    });
    const ports = portResources(spec, context, tree);
    // What hands frames to a group goes with it.
    const inGroups = (ids: readonly number[]) => [hop, ...ids.map((id) => `group ${id} of ${hop}`)];
    const groups = groupsOf(spec).map(({ text, rule: { id, buckets } }) =>
      groupResource.of({
        ...{ ...place, id: `group ${id} of ${hop}`, makes: [`group ${id} of ${hop}`] },
        in: inGroups(buckets.flatMap(({ actions }) => groupsIn(actions))),
        wanted: { bridge: name, group: id, text: groupText(text, numbers), versions },
        why: `${spec.name}: ${text}`,
      }),
    );
    const flows = spec.flows.map((text) => {
      const { match, actions } = flowText(text, numbers);
      return flowResource.of({
        ...{ ...place, id: `flow ${hop} ${match}` },
        in: inGroups(groupsIn(parseFlow(text).actions)),
        wanted: { bridge: name, match, actions, versions },
        why: `${spec.name}: ${text}`,
      });
    });
    const mirrors = mirrorResources(spec, context);
    return [bridge, ...ports, ...mirrors, ...groups, ...flows];
  },
  hops(spec, context) {
    const self = parseLocal(spec.name);
    const device = context.hop(self, 'ovs-internal', {});
    const idOf = (port: string) => context.hopId(parseLocal(port));
    const tree = treeOf(spec, context);
    const settings: OvsSettings = {
      ...{ noDevice: true, forwardBpdu: spec.forward_bpdu },
      ...(context.openVswitch(self.namespace).datapath === 'system' && { isKernel: true }),
      // Made of the MAC by itself: ovs-vswitchd.conf.db(5) Bridge, other_config:datapath-id.
      datapath: spec.datapath_id ?? `0000${context.mac(self).replaceAll(':', '')}`,
      ...(tree && { tree }),
      ...(spec.controllers.length > 0 && { controllers: spec.controllers }),
      lldp: spec.ports.filter(({ lldp }) => lldp).map(({ port }) => idOf(port)),
      flows: flowsOf(spec),
      ...(spec.groups.length > 0 && { groups: groupsOf(spec).map(({ rule }) => rule) }),
      ...(spec.mirrors.length > 0 && { mirrors: mirrorSettings(spec, context) }),
      ports: {
        ...portSettings(spec, context),
        [device.id]: { number: LOCAL_PORT, vlans: PLAIN_VLANS },
      },
    };
    const bridge: Hop<OvsSettings> = {
      ...{ ...device, id: `${device.id} switch`, kind: 'ovs-switch', settings },
      label: `${device.label} switch`,
    };
    const patches = patchHops(spec, context);
    const members = [...spec.ports.map(({ port }) => idOf(port)), device.id];
    return {
      ...patches,
      hops: [device, bridge, ...patches.hops],
      edges: [...members.map((id) => portEdge(id, bridge.id)), ...patches.edges],
    };
  },
});
