import { deviceContext } from '../devices/context.js';
import { deviceKind } from '../topology/kinds.js';
import type { Lab, LabNode, Stack } from '../topology/lab.js';
import { routeWords, ruleWords } from './routing.js';
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
 * stack by stack addresses, devices up, routes, rules. Nothing here needs an undo: it goes with the stack.
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
    const addresses = node.addresses.filter((candidate) => candidate.stack === stack.id);
    for (const address of addresses) {
      const nodad = address.family === 6 ? ['nodad'] : [];
      const text = `${address.ip}/${address.prefix}`;
      ip(stack, `address of ${stack.id}`, 'addr', 'add', text, 'dev', address.device, ...nodad);
    }
    // The prefix of an address becomes a route when its device comes up: of two alike the kernel uses the first.
    const rank = (name: string): number => addresses.findIndex(({ device }) => device === name);
    for (const device of devices.toSorted((one, other) => rank(one) - rank(other)))
      ip(stack, `bring up ${stack.id}:${device}`, 'link', 'set', 'dev', device, 'up');
    const ofStack = (one: { readonly stack: string }): boolean => one.stack === stack.id;
    for (const route of node.routes.filter(ofStack))
      ip(stack, `route of ${stack.id}`, 'route', 'add', ...routeWords(route));
    for (const rule of node.rules.filter(ofStack)) {
      const family = rule.family === 6 ? ['-6'] : [];
      ip(stack, `rule of ${stack.id}`, ...family, 'rule', 'add', ...ruleWords(rule));
    }
  }
  return steps;
}

function missing(node: LabNode, namespace: string | undefined): never {
  throw new RangeError(`${node.name} has no namespace ${namespace ?? ''}`);
}
