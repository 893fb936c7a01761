import type { LocalDevice } from '../../devices/define.js';
import { macAddress } from '../../plan/names.js';
import type { Port } from '../lab.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';
import { didYouMean } from '../suggest.js';
import { madeBy, same } from './claims.js';

type Report = (...problems: readonly Problem[]) => void;

/** The ports of a node as its links have them. */
export interface UsedPorts {
  /** Those at which links end. */
  readonly inUse: readonly string[];
  /** Does a link end at such a port of a node that is not there, and may be meant for this one? */
  readonly mistyped: (port: string) => boolean;
}

/** eth2 before eth10. */
const order = new Intl.Collator('en', { numeric: true });

/** Declared ports first, in their order; the others as a person would sort them (eth2 before eth10). */
export function resolvePorts(
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
    ...(spec.ports[port]?.duplicate && { duplicate: true }),
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

/** A port or device of a node; nothing of the kernel may stand for one that its maker alone knows. */
type Known = LocalDevice & { readonly noDevice?: true };

/** Every port and device of the node, with names that stand twice reported. */
export function inventory(
  spec: NodeSpec,
  ports: readonly Port[],
  base: Path,
  report: Report,
): readonly Known[] {
  const found: Known[] = ports.map(({ name }) => ({ name, namespace: undefined }));
  for (const [index, namespace] of spec.namespaces.entries()) {
    if (spec.namespaces.indexOf(namespace) !== index)
      report(duplicateName([...base, 'namespaces', index], namespace));
  }
  for (const { name } of found)
    if (RESERVED.has(name)) report(reservedName([...base, 'ports', name], name));
  for (const { device, path } of madeBy(spec)) {
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
