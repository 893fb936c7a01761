import { deviceContext } from '../devices/context.js';
import { deviceKind } from '../topology/kinds.js';
import type { Lab, LabNode, Stack } from '../topology/lab.js';
import type { Command, Step } from './step.js';

/** Names of the devices in a stack of a node: its ports, and what is made there; not `lo`, which every stack has. */
export const devicesIn = ({ ports, devices }: LabNode, { namespace }: Stack): readonly string[] => [
  ...(namespace === undefined ? ports.map(({ name }) => name) : []),
  ...devices
    .flatMap((spec) => deviceKind(spec.kind).makes(spec as never))
    .flatMap((made) => (made.namespace === namespace ? [made.name] : [])),
];

/**
 * What goes on inside a node's stacks, alike for every kind of node: devices first, then settings and packet filters, then
 * stack by stack addresses, devices up, routes. Nothing here needs an undo: it goes with the stack.
 */
export function planInside(lab: Lab, node: LabNode): readonly Step[] {
  const context = deviceContext(lab, node);
  const stackOf = (namespace: string | undefined): Stack =>
    node.stacks.find((stack) => stack.namespace === namespace) ?? missing(node, namespace);
  const steps: Step[] = [];
  const add = (stack: Stack, command: Command, why: string): void => {
    steps.push({
      id: `${stack.id} ${steps.length + 1}`,
      stage: 'inside',
      lane: node.name,
      where: stack.where,
      do: command,
      why,
    });
  };
  const ip = (stack: Stack, why: string, ...args: readonly string[]): void =>
    add(stack, { tool: 'ip', args }, why);

  for (const spec of node.devices)
    for (const command of deviceKind(spec.kind).plan(spec as never, context))
      add(stackOf(command.namespace), command.do, command.why);
  for (const { stack, key, value } of node.sysctls) {
    const target = node.stacks.find(({ id }) => id === stack);
    if (target) add(target, { tool: 'sysctl', key, value }, `setting of ${stack}`);
  }
  for (const { stack, text } of node.rulesets) {
    const target = node.stacks.find(({ id }) => id === stack);
    if (target) add(target, { tool: 'nft', rules: text }, `packet filter of ${stack}`);
  }
  for (const stack of node.stacks) {
    const devices = ['lo', ...devicesIn(node, stack)];
    for (const address of node.addresses.filter((candidate) => candidate.stack === stack.id)) {
      const nodad = address.family === 6 ? ['nodad'] : [];
      const text = `${address.ip}/${address.prefix}`;
      ip(stack, `address of ${stack.id}`, 'addr', 'add', text, 'dev', address.device, ...nodad);
    }
    for (const device of devices)
      ip(stack, `bring up ${stack.id}:${device}`, 'link', 'set', 'dev', device, 'up');
    for (const { to, via, device } of node.routes.filter((route) => route.stack === stack.id)) {
      const way = [
        ...(via === undefined ? [] : ['via', via]),
        ...(device === undefined ? [] : ['dev', device]),
      ];
      ip(stack, `route of ${stack.id}`, 'route', 'add', to, ...way);
    }
  }
  return steps;
}

function missing(node: LabNode, namespace: string | undefined): never {
  throw new RangeError(`${node.name} has no namespace ${namespace ?? ''}`);
}
