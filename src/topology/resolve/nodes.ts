import type { LocalDevice } from '../../devices/define.js';
import { parseLocal } from '../../devices/local.js';
import { splitCidr } from '../address.js';
import { checkClaims } from './claims.js';
import { daemonProblems } from './daemons.js';
import { listeningProblems } from './listening.js';
import { unknownNamespace } from './namespaces.js';
import { inventory, resolvePorts, type UsedPorts } from './ports.js';
import { nodeKind } from '../kinds.js';
import type { Address, Lab, LabNode, NodeRuleset, Stack } from '../lab.js';
import { under, type Path, type Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { didYouMean } from '../suggest.js';
import { resolvePrograms } from './programs.js';
import { resolveRoutes } from './routes.js';
import { resolveRules } from './rules.js';
import { resolveSysctls } from './sysctls.js';
import { togetherProblems } from './together.js';
import { vrfsOf } from './vrfs.js';

type Report = (...problems: readonly Problem[]) => void;

/** Id of a stack of a node. */
const stackId = (node: string, namespace: string | undefined): string =>
  namespace === undefined ? node : `${node}/${namespace}`;

/** Fill in one node. */
export function resolveNode(
  lab: Pick<Lab, 'name' | 'here' | 'machine'>,
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
    where: nodeKind(spec.kind).where({ ...lab, lab: lab.name, node: name, namespace }),
  }));
  const ports = resolvePorts(lab.name, name, spec, used, report);
  const devices = inventory(spec, ports, base, report).filter(({ noDevice }) => !noDevice);

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
  const vrfs = vrfsOf(spec, (namespace) => stackId(name, namespace));
  const routing = { find, base, report, addresses, vrfs };
  const missing = (namespace: string, path: Path): Problem =>
    unknownNamespace(name, namespace, spec.namespaces, path, true);
  const sysctls = resolveSysctls(spec.sysctls, stacks, at(['sysctls']), missing, report);
  const filters = typeof spec.nft === 'string' ? { [name]: spec.nft } : (spec.nft ?? {});
  const rulesets = Object.entries(filters).flatMap(([key, text]): NodeRuleset[] => {
    const stack =
      stacks.find(({ namespace }) => namespace === key) ?? (key === name ? stacks[0] : undefined);
    if (stack) return [{ stack: stack.id, text }];
    report(unknownNamespace(name, key, [...spec.namespaces, name], at(['nft', key]), true));
    return [];
  });
  report(...(nodeKind(spec.kind).validate?.(spec as never) ?? []).map((one) => under(base, one)));
  checkClaims(spec, devices, base, find, report);
  report(
    ...daemonProblems(name, spec, stacks[0]?.where, base),
    ...listeningProblems(spec, base),
    ...togetherProblems(spec).map((one) => under(base, one)),
  );
  return {
    name,
    kind: spec.kind,
    spec,
    stacks,
    ports,
    devices: spec.devices,
    addresses,
    routes: resolveRoutes(spec.routes, routing),
    rules: resolveRules(spec.rules, routing),
    sysctls,
    rulesets,
    programs: resolvePrograms({ lab: lab.name, node: name }, spec, stacks, base, missing, report),
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
