import { hopId } from '../hops/graph.js';
import { ownMac, type DeviceRow } from '../plan/resources/look.js';
import { deviceKind } from '../topology/kinds.js';
import { canonicalIp } from '../topology/address.js';
import type { LabNode, Stack } from '../topology/lab.js';
import type { StackReading } from './read-stacks.js';

/** A network device in a stack of a node, as it was read. What could not be read is `null`. */
export interface StatusDevice {
  /** Id of its stack: `sw1`, or `sw1/c1`. */
  readonly stack: string;
  readonly name: string;
  /** Its name in the stack, once more, for programs that attach to it. */
  readonly device: string;
  readonly isPort: boolean;
  /** `up` or `down` as it was set, `absent`, or `unknown`. */
  readonly state: 'up' | 'down' | 'absent' | 'unknown';
  /** As ip-link(8) has it. */
  readonly kind: string | null;
  readonly mac: string | null;
  readonly mtu: number | null;
  /** The bridge or bond that it is a port of. */
  readonly master: string | null;
  /** With prefix length, link-local ones left out. */
  readonly addresses: readonly string[] | null;
  /** What is there and not in the file, a sentence each. What is in the file and not there is told of the resources. */
  readonly differs: readonly string[];
}

/** What the file says of a device; what it leaves open is undefined. */
interface Declared {
  readonly stack: Stack;
  readonly name: string;
  readonly isPort: boolean;
}

/**
 * The devices of a node: those that its file has, and others that somebody has brought up.
 * @param made - names of all that the lab makes, such as the devices of its links in a guest that holds it
 */
export function devicesOf(
  node: LabNode,
  readings: ReadonlyMap<string, StackReading>,
  made: ReadonlySet<string>,
): readonly StatusDevice[] {
  const declared = declaredIn(node);
  const known = (stack: string, name: string): boolean =>
    made.has(hopId(stack, name)) ||
    declared.some((one) => one.stack.id === stack && one.name === name);
  const others = node.stacks.flatMap((stack): Declared[] => {
    const reading = readings.get(stack.id);
    const found = reading && 'devices' in reading ? reading.devices : [];
    return found
      .filter(({ ifname, flags }) => flags.includes('UP') && !known(stack.id, ifname))
      .filter(({ ifname }) => ifname !== 'lo')
      .map(({ ifname }) => ({ stack, name: ifname, isPort: false }));
  });
  return [
    ...declared.map((one) => deviceOf(node, one, readings.get(one.stack.id))),
    ...others.map((one) => ({
      ...deviceOf(node, one, readings.get(one.stack.id)),
      differs: ['it is not in the file'],
    })),
  ];
}

function declaredIn(node: LabNode): readonly Declared[] {
  const stackOf = (namespace: string | undefined) =>
    node.stacks.find((stack) => stack.namespace === namespace);
  const own = stackOf(undefined);
  const ports = node.ports.flatMap(({ name }): Declared[] =>
    own ? [{ stack: own, name, isPort: true }] : [],
  );
  const made = node.devices.flatMap((spec) =>
    deviceKind(spec.kind)
      .makes(spec as never)
      .flatMap(({ name, namespace, noDevice }): Declared[] => {
        const stack = noDevice ? undefined : stackOf(namespace);
        return stack ? [{ stack, name, isPort: false }] : [];
      }),
  );
  return [...ports, ...made];
}

function deviceOf(
  node: LabNode,
  declared: Declared,
  reading: StackReading | undefined,
): StatusDevice {
  const { stack, name, isPort } = declared;
  const base = { stack: stack.id, name, device: name, isPort };
  const nothing = { kind: null, mac: null, mtu: null, master: null, addresses: null };
  if (!reading || 'why' in reading) return { ...base, ...nothing, state: 'unknown', differs: [] };
  const real = reading.devices.find(({ ifname }) => ifname === name);
  if (!real) return { ...base, ...nothing, state: 'absent', differs: [] };
  const found = {
    mac: ownMac(real),
    mtu: real.mtu,
    addresses: addressesOf(real),
  };
  const wanted = node.addresses
    .filter((one) => one.stack === stack.id && one.device === name)
    .map(({ ip, prefix }) => `${ip}/${prefix}`);
  return {
    ...base,
    ...found,
    state: real.flags.includes('UP') ? 'up' : 'down',
    kind: real.linkinfo?.info_kind ?? null,
    master: real.master ?? null,
    differs: found.addresses
      .filter((one) => !wanted.includes(one))
      .map((one) => `${one} is not in the file`),
  };
}

const textOf = ({ local = '', prefixlen = 0 }: DeviceRow['addr_info'][number]): string => {
  try {
    return `${canonicalIp(local)}/${prefixlen}`;
  } catch {
    return local;
  }
};

const addressesOf = ({ addr_info }: DeviceRow): readonly string[] =>
  addr_info.filter(({ scope }) => scope === 'global').map(textOf);
