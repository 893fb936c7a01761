import { deviceKind } from '../kinds.js';
import { macAddress } from '../../plan/names.js';
import type { LabNode } from '../lab.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec, Topology } from '../schema.js';

/** MAC addresses that stand twice, written or derived. */
export function duplicateMacs(
  lab: string,
  nodes: readonly LabNode<NodeSpec>[],
): readonly Problem[] {
  const seen = new Map<string, string>();
  return nodes.flatMap((node) => {
    const ports = node.ports.map(({ name, mac, ref }) => ({
      mac,
      ref,
      path: ['nodes', node.name, 'ports', name, 'mac'] as Path,
    }));
    const devices = node.spec.devices.flatMap((device, index) =>
      deviceKind(device.kind)
        .makes(device as never)
        .map(({ namespace, name, mac }) => ({
          mac: mac ?? macAddress(lab, node.name, namespace ?? '', name),
          ref:
            namespace === undefined ? `${node.name}:${name}` : `${node.name}/${namespace}:${name}`,
          path: ['nodes', node.name, 'devices', index] as Path,
        })),
    );
    return [...ports, ...devices].flatMap(({ mac, ref, path }): Problem[] => {
      const before = seen.get(mac);
      seen.set(mac, ref);
      if (before === undefined) return [];
      return [
        {
          code: 'topology/duplicate-mac',
          path,
          what: `${ref} has the MAC address ${mac}, which ${before} has already.`,
        },
      ];
    });
  });
}

/** IP addresses that stand twice in the lab; link-local ones may (RFC 4291 section 2.5.6). */
export function duplicateAddresses(
  nodes: readonly LabNode[],
  topology: Topology,
): readonly Problem[] {
  const seen = new Map<string, string>();
  return nodes.flatMap((node) =>
    node.addresses.flatMap(({ ip, stack, device }): Problem[] => {
      if (/^fe[89ab]/.test(ip)) return [];
      const before = seen.get(ip);
      seen.set(ip, `${stack}:${device}`);
      if (before === undefined) return [];
      const namespace = stack.slice(node.name.length + 1);
      const key = namespace === '' ? device : `${namespace}:${device}`;
      const written = topology.nodes[node.name]?.addresses[key];
      const index = written?.findIndex((cidr) => cidr.startsWith(`${ip}/`)) ?? 0;
      return [
        {
          code: 'topology/duplicate-address',
          path: [
            'nodes',
            node.name,
            'addresses',
            key,
            ...(written && written.length > 1 ? [index] : []),
          ],
          what: `${ip} is already the address of ${before}.`,
        },
      ];
    }),
  );
}
