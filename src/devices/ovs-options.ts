import { z } from 'zod';
import { OPENFLOW_VERSIONS } from '../hops/openflow/flow.js';
import { parseFlow } from '../hops/openflow/parse-flow.js';
import { flowKey } from '../hops/openflow/same-flow.js';
import { groupProblems } from './ovs-groups.js';
import { VLAN_MODES, type PortVlans } from '../hops/openflow/vlan-modes.js';
import { duplicateField, localDevice, macField, withSettings } from '../topology/fields.js';
import { mirrorFields, mirrorProblems } from './ovs-mirrors.js';
import { ovsTreeFields, ovsTreePortFields, ovsTreeProblems } from './ovs-tree.js';

/** What may be written of a bridge of Open vSwitch in a node: ovs-vswitchd.conf.db(5). */

const vlan = z.int().min(0).max(4095);

const portFields = {
  number: z
    .int()
    .min(1)
    .max(0xfeff)
    .optional()
    .describe('Its OpenFlow number; else the first that is free, in the order of the file'),
  tag: z.int().min(1).max(4094).optional().describe('VLAN of what has no tag'),
  trunks: z
    .array(vlan)
    .default([])
    .describe('VLANs that cross tagged, 0 for what has no tag; all when left out'),
  vlan_mode: z
    .enum(VLAN_MODES)
    .optional()
    .describe(
      '`access`: in the VLAN `tag` alone, without tags; `trunk`: as the frames come; `native-tagged` and `native-untagged`: a trunk whose frames without a tag are in `tag`, which leave tagged or not; `dot1q-tunnel`: all in the service VLAN `tag` (QinQ). With `tag` it is access when left out, else trunk',
    ),
  cvlans: z
    .array(vlan)
    .default([])
    .describe("With `dot1q-tunnel`: customers' VLANs that it takes; all when left out"),
  qinq_ethertype: z
    .enum(['802.1Q', '802.1ad'])
    .default('802.1ad')
    .describe('With `dot1q-tunnel`: the standard of the service tag'),
  lldp: z
    .boolean()
    .default(false)
    .describe('Let Open vSwitch itself speak LLDP on this port; it then takes every LLDP frame'),
  peer: localDevice
    .optional()
    .describe(
      'It is a patch port, which is no device: joined to the patch port of this name of a bridge in the same namespace, which names it in turn',
    ),
  ...ovsTreePortFields,
};

const lines = (what: string) =>
  z.array(z.string({ error: `write ${what} as text` }).regex(/^[^\n]*\S[^\n]*$/)).default([]);

const fields = z.strictObject({
  kind: z.literal('ovs'),
  name: localDevice.describe('Name of the bridge, and of its own device (the port LOCAL)'),
  ports: z
    .array(withSettings(localDevice, portFields, 'a device of this node'))
    .default([])
    .describe('Its ports, in this order, each with settings of its own if need be'),
  mac: macField.optional(),
  duplicate: duplicateField,
  fail_mode: z
    .enum(['standalone', 'secure'])
    .default('standalone')
    .describe(
      'Where no controller says what to do: learn and flood (a flow of priority 0 with NORMAL), or nothing but what `flows` say',
    ),
  datapath_id: z
    .string()
    .regex(/^[0-9a-f]{16}$/, { error: 'write 16 hexadecimal digits in lower case' })
    .optional()
    .describe('How controllers know it; made of the MAC when left out'),
  protocols: z
    .array(z.enum(OPENFLOW_VERSIONS))
    .default([])
    .describe('Versions of OpenFlow that it speaks; all when left out'),
  controllers: z
    .array(
      z.string().regex(/^(tcp|ssl|ptcp|pssl|unix|punix):\S+$/, {
        error: 'write a controller as `tcp:10.0.0.1:6653`',
      }),
    )
    .default([])
    .describe('Its controllers, reached by the routes of the node'),
  forward_bpdu: z
    .boolean()
    .default(false)
    .describe('Let NORMAL forward reserved group addresses (`other_config:forward-bpdu`)'),
  flows: lines('each flow').describe(
    'Flows as ovs-ofctl(8) takes them, such as `priority=10,in_port=eth1,dl_type=0x88cc,actions=output:2`; ports by their number or name',
  ),
  groups: lines('each group').describe(
    'Groups that flows hand frames to (`actions=group:1`), as ovs-ofctl(8) takes them, such as `group_id=1,type=ff,bucket=watch_port:eth1,actions=eth1,bucket=watch_port:eth2,actions=eth2`; of type all, select, indirect or ff; ports by their number or name',
  ),
  ...mirrorFields,
  ...ovsTreeFields,
});
type Fields = z.output<typeof fields>;
export type OvsDeviceSpec = Fields;
type Port = Fields['ports'][number];

/** What Open vSwitch would refuse, or take and not do. */
export const ovsSchema = fields.superRefine((spec, context) => {
  const wrong = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  for (const { path, fix } of ovsTreeProblems({ ...spec, ends: spec.ports }))
    if (typeof fix === 'string')
      wrong(
        path.map((step) => (step === 'ends' ? 'ports' : step)),
        fix,
      );
  const numbers = spec.ports.flatMap(({ number }) => number ?? []);
  for (const [index, port] of spec.ports.entries()) {
    const at = ['ports', index];
    const mode = modeOf(port);
    if (numbers.filter((one) => one === port.number).length > 1)
      wrong([...at, 'number'], 'write a number that no other port has');
    if (mode === 'trunk' && port.tag !== undefined)
      wrong([...at, 'tag'], 'remove it, or write `vlan_mode: native-untagged`');
    if (mode !== 'trunk' && port.tag === undefined)
      wrong([...at, 'vlan_mode'], `write \`tag\` too: ${mode} has a VLAN of its own`);
    if ((mode === 'access' || mode === 'dot1q-tunnel') && port.trunks.length > 0)
      wrong([...at, 'trunks'], 'remove it, or write `vlan_mode: native-untagged`');
    if (mode !== 'dot1q-tunnel' && port.cvlans.length > 0)
      wrong([...at, 'cvlans'], 'remove it, or write `vlan_mode: dot1q-tunnel`');
  }
  const named = portNumbers(spec.ports);
  for (const { path, fix } of groupProblems(spec, (port) => named.get(port))) wrong([...path], fix);
  for (const { path, fix } of mirrorProblems(spec)) wrong(path, fix);
  const keys = spec.flows.map((text) => flowKey(parseFlow(text, (port) => named.get(port))));
  for (const [index, flow] of spec.flows.entries())
    if (!/actions?=/.test(flow))
      wrong(['flows', index], 'write what it does too, such as `actions=normal`');
    else if (keys.indexOf(keys[index] ?? '') !== index)
      wrong(['flows', index], 'give it another match or priority: a flow before it has the same');
});

const modeOf = ({ vlan_mode: mode, tag }: Port): PortVlans['mode'] =>
  mode ?? (tag === undefined ? 'trunk' : 'access');

/** What a port does with tags. */
export const vlansOfPort = (port: Port): PortVlans => ({
  ...{ mode: modeOf(port), tag: port.tag ?? 0 },
  ...{ trunks: port.trunks, cvlans: port.cvlans, ethertype: port.qinq_ethertype },
});

const set = (ids: readonly number[]): string => {
  const sorted = ids.toSorted((a, b) => a - b);
  return sorted.length === 1 ? String(sorted[0]) : `[${sorted.join(',')}]`;
};

/** Columns of the table Port that say so. */
export function vlanColumns(port: Port): readonly string[] {
  const { mode, tag, trunks, cvlans, ethertype } = vlansOfPort(port);
  const isTunnel = mode === 'dot1q-tunnel';
  return [
    `vlan_mode=${mode}`,
    `tag=${port.tag === undefined ? '[]' : tag}`,
    `trunks=${set(trunks)}`,
    `cvlans=${set(cvlans)}`,
    ...(isTunnel ? [`other_config:qinq-ethtype=${ethertype.toLowerCase()}`] : []),
  ];
}

/** The OpenFlow numbers of the ports by their names: as written, else the first that is free. */
export function portNumbers(ports: readonly Port[]): ReadonlyMap<string, number> {
  const taken = new Set(ports.flatMap(({ number }) => number ?? []));
  const numbers = new Map<string, number>();
  let next = 1;
  for (const { port, number } of ports) {
    while (number === undefined && taken.has(next)) next += 1;
    if (number === undefined) taken.add(next);
    numbers.set(port, number ?? next);
  }
  return numbers;
}
