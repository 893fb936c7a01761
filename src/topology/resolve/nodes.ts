import type { LocalDevice } from '../../devices/define.js';
import { parseLocal } from '../../devices/local.js';
import { macAddress } from '../../plan/names.js';
import { canonicalIp, splitCidr } from '../address.js';
import { checkClaims, mentions, same } from './claims.js';
import { nodeKind } from '../kinds.js';
import type { Address, LabNode, Port, Route, Stack } from '../lab.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { didYouMean } from '../suggest.js';
import { resolveSysctls } from './sysctls.js';

type Report = (...problems: readonly Problem[]) => void;

/** Id of a stack of a node. */
export const stackId = (node: string, namespace: string | undefined): string =>
  namespace === undefined ? node : `${node}/${namespace}`;

/** The ports of a node as its links have them. */
export interface UsedPorts {
  /** Those at which links end. */
  readonly inUse: readonly string[];
  /** Does a link end at such a port of a node that is not there, and may be meant for this one? */
  readonly mistyped: (port: string) => boolean;
}

/** Fill in one node. */
export function resolveNode(
  lab: string,
  name: string,
  spec: NodeSpec,
  used: UsedPorts,
  report: Report,
): LabNode<NodeSpec> {
  const base: Path = ['nodes', name];
  const at = (path: Path) => [...base, ...path];
  const stacks = [undefined, ...spec.namespaces].map((namespace) => ({
    id: stackId(name, namespace),
    namespace,
    where: nodeKind(spec.kind).where(lab, name, namespace),
  }));
  const ports = resolvePorts(lab, name, spec, used, report);
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
      // The link that ends at a mistyped node is told, and its neighbour is right.
      if (device.namespace !== undefined || !used.mistyped(device.name))
        report(unknownDevice(stack, device.name, known, at(path), atKey));
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
  const sysctls = resolveSysctls(
    spec.sysctls,
    stacks,
    at(['sysctls']),
    (namespace, path) => unknownNamespace(name, namespace, spec.namespaces, path, true),
    report,
  );
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
  };
}

function unknownDevice(
  { id, namespace }: Stack,
  device: string,
  known: readonly LocalDevice[],
  path: Path,
  atKey: boolean,
): Problem {
  const names = known.map(({ name }) => name);
  const add =
    namespace === undefined
      ? `let a link end at \`${id}:${device}\`, or make \`${device}\` under \`devices\``
      : `make \`${namespace}:${device}\` under \`devices\``;
  return {
    code: 'topology/unknown-device',
    path,
    atKey,
    what: `${id} has no port or device \`${device}\`.`,
    fix: () => (names.length === 0 ? add : `${didYouMean(device, names)} Or ${add}`),
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
    fix: () => didYouMean(namespace, known),
  };
}

/** eth2 before eth10. */
const order = new Intl.Collator('en', { numeric: true });

/** Declared ports first, in their order; the others as a person would sort them (eth2 before eth10). */
function resolvePorts(
  lab: string,
  node: string,
  spec: NodeSpec,
  { inUse, mistyped }: UsedPorts,
  report: Report,
): readonly Port[] {
  const declared = Object.keys(spec.ports);
  const others = [...new Set(inUse)].filter((port) => !declared.includes(port));
  for (const port of declared) {
    if (inUse.includes(port) || mistyped(port)) continue;
    report({
      code: 'topology/unconnected-port',
      path: ['nodes', node, 'ports', port],
      atKey: true,
      what: `No link ends at ${node}:${port}.`,
      fix: () => didYouMean(port, others),
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

/** Each stack has its loopback device, and the kernel keeps the others for settings of all devices (net/ipv4/devinet.c, sysctl_dev_name_is_allowed). */
const RESERVED: ReadonlySet<string> = new Set(['lo', 'all', 'default']);

const reservedName = (path: Path, name: string): Problem => ({
  code: 'topology/reserved-name',
  path,
  what: `No port or device can be called \`${name}\`: the kernel keeps the name for itself.`,
  fix: 'write another name, such as `eth1` or `br0`',
});

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
  for (const { name } of found)
    if (RESERVED.has(name)) report(reservedName([...base, 'ports', name], name));
  for (const { device, path } of mentions(spec, 'makes')) {
    if (RESERVED.has(device.name)) report(reservedName([...base, ...path], device.name));
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
