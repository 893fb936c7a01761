import { daemonId, deviceContext } from '../devices/context.js';
import { parseLocal } from '../devices/local.js';
import { hasOwnSwitch, ownSwitchName, runOwnSwitch } from '../own-switch.js';
import { deviceKind } from '../topology/kinds.js';
import type { PlanFacts } from '../links/define.js';
import type { HopGraph } from '../hops/graph.js';
import type { Resource } from './resources/define.js';
import { thingsOf } from './resources/order.js';
import { programArgv, programTitle } from './programs.js';
import { process } from './resources/kinds/process.js';
import { ruleset } from './resources/kinds/ruleset.js';
import { sysctl } from './resources/kinds/sysctl.js';
import type { Lab, LabNode, Stack } from '../topology/lab.js';
import { devicesIn, homesIn, planStack } from './inside-stack.js';
import { upBefore } from './up-order.js';
import { hostOf } from '../where.js';

/**
 * What is inside a node's stacks, alike for every kind of node: devices first, then settings and packet filters, then
 * stack by stack addresses, devices up, routes, rules. All of it goes with its stack.
 */
export function planInside(
  lab: Lab,
  node: LabNode,
  graph: HopGraph,
  facts: PlanFacts,
): readonly Resource[] {
  const context = deviceContext(lab, node, facts);
  const before = upBefore(node);
  const stackOf = (id: string): Stack =>
    node.stacks.find((stack) => stack.id === id) ?? missing(node, id);
  const devices = node.devices.flatMap((spec) =>
    deviceKind(spec.kind).plan(spec as never, context),
  );
  const made = thingsOf(devices);
  return [
    ...node.stacks.flatMap((stack) => daemonsOf(node, stack)),
    ...devices,
    ...node.sysctls.map((one) => settingOf(node, stackOf(one.stack), one)),
    ...node.rulesets.map(({ stack, text }) =>
      ruleset.of({
        id: `${stack} packet filter`,
        lane: node.name,
        where: stackOf(stack).where,
        wanted: { text },
        in: homesIn(stackOf(stack)),
        why: `packet filter of ${stack}`,
      }),
    ),
    ...node.stacks.flatMap((stack) => planStack(node, stack, graph, { upBefore: before, made })),
    // Last of its lane: all that it may use is there.
    ...node.programs.map((one) =>
      process.of({
        id: `program ${one.name}`,
        lane: node.name,
        where: hostOf(stackOf(one.stack).where),
        wanted: {
          ...{ name: one.name, argv: programArgv(one, facts) },
          ...{ netns: stackOf(one.stack).where.netns },
        },
        in: homesIn(stackOf(one.stack)),
        why: `run ${programTitle(one)} in ${one.stack}`,
      }),
    ),
  ];
}

/** The daemon that makes devices in a namespace of this machine, which has one of its own. */
function daemonsOf(node: LabNode, { id, where, namespace }: Stack): readonly Resource[] {
  const { netns } = where;
  const isIn = (name: string): boolean => parseLocal(name).namespace === namespace;
  const found = node.devices
    .filter(({ name }) => isIn(name))
    .flatMap(({ kind }) => deviceKind(kind).daemon ?? [])[0];
  if (!found || netns === undefined || !hasOwnSwitch(where)) return [];
  const name = ownSwitchName(netns);
  return [
    process.of({
      id: `program ${name}`,
      lane: node.name,
      where: hostOf(where),
      wanted: { name, netns, ...runOwnSwitch(netns) },
      makes: [daemonId(id)],
      in: homesIn({ id }),
      why: `run ${found.name} in ${id}`,
    }),
  ];
}

/** A setting of a device goes with the device. */
function settingOf(
  node: LabNode,
  stack: Stack,
  { key, value }: LabNode['sysctls'][number],
): Resource {
  const words = key.split(/[./]/);
  const device = devicesIn(node, stack).find((name) => words.includes(name));
  return sysctl.of({
    id: `${stack.id} ${key}`,
    lane: node.name,
    where: stack.where,
    wanted: { key, value },
    in: homesIn(stack, device),
    why: `${key} of ${stack.id}`,
  });
}

function missing(node: LabNode, stack: string): never {
  throw new RangeError(`${node.name} has no stack ${stack}`);
}
