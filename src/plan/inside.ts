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
  const known = new Map<string, number>();
  /** @param what - what it is for, in names of the file; the second command for the same has a 2 behind it */
  const add = (stack: Stack, command: Command, why: string, what = why): void => {
    const name = `${stack.id} ${what}`;
    const count = (known.get(name) ?? 0) + 1;
    known.set(name, count);
    steps.push({
      id: count === 1 ? name : `${name} ${count}`,
      stage: 'inside',
      lane: node.name,
      where: stack.where,
      do: command,
      why,
    });
  };
  const ip = (stack: Stack, why: string, what: string, ...args: readonly string[]): void =>
    add(stack, { tool: 'ip', args }, why, what);

  for (const spec of node.devices)
    for (const command of deviceKind(spec.kind).plan(spec as never, context))
      add(stackOf(command.namespace), command.do, command.why);
  for (const { stack, key, value } of node.sysctls) {
    const target = node.stacks.find(({ id }) => id === stack);
    if (target) add(target, { tool: 'sysctl', key, value }, `setting of ${stack}`, key);
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
      const what = `address ${text} of ${address.device}`;
      const words = ['addr', 'add', text, 'dev', address.device, ...nodad];
      ip(stack, `address of ${stack.id}`, what, ...words);
    }
    // The prefix of an address becomes a route when its device comes up: of two alike the kernel uses the first.
    const rank = (name: string): number => addresses.findIndex(({ device }) => device === name);
    for (const device of devices.toSorted((one, other) => rank(one) - rank(other)))
      ip(
        stack,
        `bring up ${stack.id}:${device}`,
        `up ${device}`,
        'link',
        'set',
        'dev',
        device,
        'up',
      );
    const ofStack = (one: { readonly stack: string }): boolean => one.stack === stack.id;
    for (const route of node.routes.filter(ofStack)) {
      const words = routeWords(route);
      ip(stack, `route of ${stack.id}`, `route ${words.join(' ')}`, 'route', 'add', ...words);
    }
    for (const rule of node.rules.filter(ofStack)) {
      const words = ruleWords(rule);
      const all = [...(rule.family === 6 ? ['-6'] : []), 'rule', 'add', ...words];
      ip(stack, `rule of ${stack.id}`, `rule ${words.join(' ')}`, ...all);
    }
  }
  return steps;
}

function missing(node: LabNode, namespace: string | undefined): never {
  throw new RangeError(`${node.name} has no namespace ${namespace ?? ''}`);
}
