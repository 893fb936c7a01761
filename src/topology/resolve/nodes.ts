import type { LocalDevice } from '../../devices/define.js';
import { parseLocal } from '../../devices/local.js';
import { canonicalIp, splitCidr } from '../address.js';
import { checkClaims } from './claims.js';
import { gatewayProblems, type WrittenRoute } from './gateways.js';
import { unknownNamespace } from './namespaces.js';
import { inventory, resolvePorts, type UsedPorts } from './ports.js';
import { nodeKind } from '../kinds.js';
import type { Address, LabNode, NodeRuleset, Stack } from '../lab.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { didYouMean } from '../suggest.js';
import { resolveSysctls } from './sysctls.js';

type Report = (...problems: readonly Problem[]) => void;

/** Id of a stack of a node. */
const stackId = (node: string, namespace: string | undefined): string =>
  namespace === undefined ? node : `${node}/${namespace}`;

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
    return cidrs.map(({ address, duplicate }) => ({
      ...{ stack: stack.id, device, ...splitCidr(address) },
      ...(duplicate && { duplicate }),
    }));
  });
  const routes = spec.routes.flatMap((route, index): WrittenRoute[] => {
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
    const via = route.via && canonicalIp(route.via);
    return [{ stack: found[0].id, to, via, device: dev, path: at(['routes', index]) }];
  });
  report(...gatewayProblems(stacks, addresses, routes));
  const sysctls = resolveSysctls(
    spec.sysctls,
    stacks,
    at(['sysctls']),
    (namespace, path) => unknownNamespace(name, namespace, spec.namespaces, path, true),
    report,
  );
  const rules = typeof spec.nft === 'string' ? { [name]: spec.nft } : (spec.nft ?? {});
  const rulesets = Object.entries(rules).flatMap(([key, text]): NodeRuleset[] => {
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
    routes: routes.map(({ stack, to, via, device }) => ({ stack, to, via, device })),
    sysctls,
    rulesets,
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
