import type { LocalDevice } from '../../devices/define.js';
import { parseLocal } from '../../devices/local.js';
import { macAddress } from '../../plan/names.js';
import { canonicalIp, splitCidr } from '../address.js';
import { checkClaims, mentions, same } from './claims.js';
import { nodeKind } from '../kinds.js';
import type { Address, LabNode, Port, Route, Ruleset, Stack, Sysctl } from '../lab.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { didYouMean } from '../suggest.js';

type Report = (...problems: readonly Problem[]) => void;

/** Id of a stack of a node. */
export const stackId = (node: string, namespace: string | undefined): string =>
  namespace === undefined ? node : `${node}/${namespace}`;

/** Fill in one node. `inUse` are the ports at which links end. */
export function resolveNode(
  lab: string,
  name: string,
  spec: NodeSpec,
  inUse: readonly string[],
  report: Report,
): LabNode<NodeSpec> {
  const base: Path = ['nodes', name];
  const at = (path: Path) => [...base, ...path];
  const stacks = [undefined, ...spec.namespaces].map((namespace) => ({
    id: stackId(name, namespace),
    namespace,
    where: nodeKind(spec.kind).where(lab, name, namespace),
  }));
  const ports = resolvePorts(lab, name, spec, inUse, report);
  const devices = inventory(spec, ports, base, report);

  /** The stack and device that a local name means, or a problem. */
  const find = (text: string, path: Path, atKey = false): [Stack, string] | undefined => {
    const device = parseLocal(text);
    const stack = stacks.find(({ namespace }) => namespace === device.namespace);
    if (!stack) {
      report(unknownNamespace(name, device.namespace ?? '', spec.namespaces, at(path), atKey));
      return undefined;
    }
    const known = devices.filter((made) => made.namespace === device.namespace);
    if (device.name !== 'lo' && !known.some((made) => made.name === device.name)) {
      report({
        code: 'topology/unknown-device',
        path: at(path),
        atKey,
        what: `${stack.id} has no port or device \`${device.name}\`.`,
        fix: didYouMean(
          device.name,
          known.map((made) => made.name),
        ),
      });
      return undefined;
    }
    return [stack, device.name];
  };

  const addresses = Object.entries(spec.addresses).flatMap(([text, cidrs]): Address[] => {
    const found = find(text, ['addresses', text], true);
    if (!found) return [];
    const [stack, device] = found;
    return cidrs.map((cidr) => ({ stack: stack.id, device, ...splitCidr(cidr) }));
  });
  const routes = spec.routes.flatMap((route, index): Route[] => {
    const { namespace, dev } = route;
    const prefix = namespace === undefined ? '' : `${namespace}:`;
    const found = find(`${prefix}${dev ?? 'lo'}`, [
      'routes',
      index,
      dev === undefined ? 'namespace' : 'dev',
    ]);
    if (!found) return [];
    if (route.via === undefined && dev === undefined) {
      report({
        code: 'topology/missing-key',
        path: at(['routes', index]),
        what: 'A route needs a next hop or a device.',
        fix: 'add `via:` or `dev:`',
      });
    }
    const to = route.to === 'default' ? 'default' : route.to;
    return [{ stack: found[0].id, to, via: route.via && canonicalIp(route.via), device: dev }];
  });
  const sysctls = Object.entries(spec.sysctls).flatMap(([text, value]): Sysctl[] => {
    const [key = '', namespace] = text.split(':').reverse();
    const stack = stacks.find((candidate) => candidate.namespace === namespace);
    if (stack) return [{ stack: stack.id, key, value }];
    report(unknownNamespace(name, namespace ?? '', spec.namespaces, at(['sysctls', text]), true));
    return [];
  });
  const rules = typeof spec.nft === 'string' ? { [name]: spec.nft } : (spec.nft ?? {});
  const rulesets = Object.entries(rules).flatMap(([key, text]): Ruleset[] => {
    const stack =
      stacks.find(({ namespace }) => namespace === key) ?? (key === name ? stacks[0] : undefined);
    if (stack) return [{ stack: stack.id, text }];
    report(unknownNamespace(name, key, [...spec.namespaces, name], at(['nft', key]), true));
    return [];
  });
  checkClaims(spec, devices, base, find, report);
  return {
    name,
    kind: spec.kind,
    spec,
    stacks,
    ports,
    devices: spec.devices,
    addresses,
    routes,
    sysctls,
    rulesets,
  };
}

/** A namespace that the node does not list. */
export function unknownNamespace(
  node: string,
  namespace: string,
  known: readonly string[],
  path: Path,
  atKey: boolean,
): Problem {
  return {
    code: 'topology/unknown-namespace',
    path,
    atKey,
    what: `${node} has no inner namespace \`${namespace}\`.`,
    fix: didYouMean(namespace, known),
  };
}

/** eth2 before eth10. */
const order = new Intl.Collator('en', { numeric: true });

/** Declared ports first, in their order; the others as a person would sort them (eth2 before eth10). */
function resolvePorts(
  lab: string,
  node: string,
  spec: NodeSpec,
  inUse: readonly string[],
  report: Report,
): readonly Port[] {
  const declared = Object.keys(spec.ports);
  const others = [...new Set(inUse)].filter((port) => !declared.includes(port));
  for (const port of declared.filter((candidate) => !inUse.includes(candidate))) {
    report({
      code: 'topology/unconnected-port',
      path: ['nodes', node, 'ports', port],
      atKey: true,
      what: `No link ends at ${node}:${port}.`,
      fix: didYouMean(port, others),
    });
  }
  return [...declared, ...others.sort((a, b) => order.compare(a, b))].map((port) => ({
    ref: `${node}:${port}`,
    node,
    name: port,
    mac: spec.ports[port]?.mac ?? macAddress(lab, node, port),
    mtu: spec.ports[port]?.mtu,
  }));
}

/** Every port and device of the node, with names that stand twice reported. */
function inventory(
  spec: NodeSpec,
  ports: readonly Port[],
  base: Path,
  report: Report,
): readonly LocalDevice[] {
  const found: LocalDevice[] = ports.map(({ name }) => ({ name, namespace: undefined }));
  for (const [index, namespace] of spec.namespaces.entries()) {
    if (spec.namespaces.indexOf(namespace) !== index)
      report(duplicateName([...base, 'namespaces', index], namespace));
  }
  for (const { device, path } of mentions(spec, 'makes')) {
    if (found.some((other) => same(other, device)))
      report(duplicateName([...base, ...path], device.name));
    found.push(device);
  }
  return found;
}

const duplicateName = (path: Path, name: string): Problem => ({
  code: 'topology/duplicate-name',
  path,
  what: `\`${name}\` stands here a second time.`,
});
