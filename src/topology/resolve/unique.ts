import { groupBy } from '../../group-by.js';
import type { Model } from '../../hops/emit.js';
import { hopId, pathBetween } from '../../hops/graph.js';
import { hearingOn } from '../../hops/hearing.js';
import { macAddress } from '../../plan/names.js';
import { deviceKind, nodeKind } from '../kinds.js';
import { THIS_HOST, type Lab, type LabNode } from '../lab.js';
import type { Path, Problem } from '../problem.js';
import type { NodeSpec } from '../schema.js';

/** A device with a MAC or an address that others may have, too. */
interface Holder {
  /** The MAC or the address. */
  readonly what: string;
  readonly stack: string;
  readonly device: string;
  readonly node: LabNode;
  readonly path: Path;
  readonly port: boolean;
  /** The file says that others have it, too. */
  readonly meant: boolean;
}

/** MACs and addresses that several devices have; whether that is wrong depends on who hears whom. */
export interface Shared {
  readonly macs: readonly (readonly Holder[])[];
  readonly addresses: readonly (readonly Holder[])[];
}

/** Find what several devices have. Pure, and cheap where there is nothing of the kind. */
export const sharedIn = ({ name, nodes }: Lab): Shared => ({
  macs: severalOf(
    nodes as readonly LabNode<NodeSpec>[],
    (node) => [
      ...node.ports.map(({ mac }) => mac),
      ...madeDevices(name, node).map(({ mac }) => mac),
    ],
    (node) => macHolders(name, node),
  ),
  addresses: severalOf(
    nodes as readonly LabNode<NodeSpec>[],
    (node) => node.addresses.map(({ ip }) => ip),
    addressHolders,
  ),
});

/**
 * The holders of what several have. A large lab has tens of thousands of MACs, and mostly each once: who holds what is
 * asked for those alone that are there again.
 */
function severalOf(
  nodes: readonly LabNode<NodeSpec>[],
  had: (node: LabNode<NodeSpec>) => readonly string[],
  holdersOf: (node: LabNode<NodeSpec>) => readonly Holder[],
): readonly (readonly Holder[])[] {
  const once = new Set<string>();
  const again = new Set<string>();
  for (const node of nodes) for (const what of had(node)) (once.has(what) ? again : once).add(what);
  if (again.size === 0) return [];
  const holders = nodes.flatMap(holdersOf).filter(({ what }) => again.has(what));
  return [...groupBy(holders, ({ what }) => what).values()].filter((group) => group.length > 1);
}

/** The devices that a node makes and that have a MAC of their own, with it and the entry of the file that makes each. */
const madeDevices = (lab: string, node: LabNode<NodeSpec>) =>
  node.spec.devices.flatMap((device, index) =>
    deviceKind(device.kind)
      .makes(device as never)
      .filter(({ mac, macOf, noDevice }) => mac !== undefined || (!macOf && !noDevice))
      .map(({ namespace, name, mac }) => ({
        ...{ device, index, namespace, name },
        mac: mac ?? macAddress(lab, node.name, namespace ?? '', name),
      })),
  );

function macHolders(lab: string, node: LabNode<NodeSpec>): readonly Holder[] {
  const ports = node.ports.map(({ name, mac, duplicate }) => ({
    ...{ what: mac, stack: node.name, device: name, node, port: true },
    path: ['nodes', node.name, 'ports', name, 'mac'],
    meant: duplicate === true,
  }));
  const devices = madeDevices(lab, node).map(({ device, index, namespace, name, mac }) => ({
    what: mac,
    stack: namespace === undefined ? node.name : `${node.name}/${namespace}`,
    ...{ device: name, node, port: false },
    path: ['nodes', node.name, 'devices', index],
    meant: (device as { readonly duplicate?: boolean }).duplicate === true,
  }));
  return [...ports, ...devices];
}

/** Link-local addresses are of one cable alone (RFC 4291, 2.5.6). */
const isLinkLocal = (ip: string): boolean => /^fe[89ab]/.test(ip);

const addressHolders = (node: LabNode<NodeSpec>): readonly Holder[] =>
  Object.entries(node.spec.addresses).flatMap(([key, written]) => {
    const [device = '', namespace] = key.split(':').reverse();
    const stack = namespace === undefined ? node.name : `${node.name}/${namespace}`;
    const own = node.addresses.filter((one) => one.stack === stack && one.device === device);
    return own.flatMap(({ ip, duplicate }, index): readonly Holder[] =>
      isLinkLocal(ip)
        ? []
        : [
            {
              ...{ what: ip, stack, device, node, port: false, meant: duplicate === true },
              path: ['nodes', node.name, 'addresses', key, ...(written.length > 1 ? [index] : [])],
            },
          ],
    );
  });

/** The wording for what a broadcast domain has but once. */
interface Wording {
  readonly code: Problem['code'];
  readonly what: string;
  readonly mark: (what: string) => string;
}

const MAC: Wording = {
  code: 'topology/duplicate-mac',
  what: 'the MAC address',
  mark: (mac) => `\`{ mac: '${mac}', duplicate: true }\``,
};
const ADDRESS: Wording = {
  code: 'topology/duplicate-address',
  what: 'the address',
  mark: (ip) => `\`{ address: ${ip}/LENGTH, duplicate: true }\``,
};

/** MACs and addresses that stand twice in one broadcast domain, where the file does not say that it is meant. Pure. */
export function duplicateProblems(shared: Shared, model: Model): readonly Problem[] {
  const meets = meetingIn(model);
  const problems = (groups: Shared['macs'], wording: Wording): readonly Problem[] =>
    groups.flatMap((group) =>
      group.flatMap((holder, index): readonly Problem[] => {
        const before = group
          .slice(0, index)
          .find((other) => !(holder.meant && other.meant) && collide(other, holder, meets));
        return before ? [problemOf(holder, before, wording)] : [];
      }),
    );
  return [...problems(shared.macs, MAC), ...problems(shared.addresses, ADDRESS)];
}

function collide(a: Holder, b: Holder, meets: (a: string, b: string) => boolean): boolean {
  const both = a.port && b.port && a.node === b.node;
  if (both && nodeKind(a.node.kind).portsByMac) return true;
  return meets(hopId(a.stack, a.device), hopId(b.stack, b.device));
}

function problemOf(holder: Holder, before: Holder, { code, what, mark }: Wording): Problem {
  const name = ({ stack, device }: Holder): string => `${stack}:${device}`;
  return {
    code,
    path: holder.path,
    what: `${name(holder)} has ${what} ${holder.what}, which ${name(before)} in the same broadcast domain has already.`,
    fix: `change one of them; where it is meant (anycast, VRRP), write ${mark(holder.what)} at both`,
  };
}

/** Do two devices meet in a broadcast domain: does one hear a broadcast of the other, or a third hear both? */
function meetingIn(model: Model): (a: string, b: string) => boolean {
  const { graph } = model;
  const heard = new Map<string, ReadonlySet<string>>();
  const reach = (id: string): ReadonlySet<string> => {
    const known = heard.get(id);
    if (known) return known;
    const found = new Set([id, ...[...graph.hops.keys()].filter((to) => hears(model, to, id))]);
    heard.set(id, found);
    return found;
  };
  return (a, b) => {
    if (a === b) return true;
    if (!pathBetween(graph, a, b)) return false;
    if (hears(model, a, b) || hears(model, b, a)) return true;
    const ofB = reach(b);
    return [...reach(a)].some((id) => ofB.has(id));
  };
}

/** Does a device of a stack hear what another one broadcasts? */
function hears(model: Model, listener: string, speaker: string): boolean {
  const { graph } = model;
  const hop = graph.hops.get(listener);
  if (!hop || hop.stack === THIS_HOST) return false;
  const path = pathBetween(graph, speaker, listener);
  return path !== undefined && hearingOn(model, path, ['arp-request']).hears.length > 0;
}
