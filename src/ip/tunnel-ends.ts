import { isTunnel } from '../hops/kinds/tunnel.js';
import type { TunnelDevice, TunnelEnd } from '../hops/tunnel.js';
import { wireEdge, type Hop, type HopEdge, type HopFragment } from '../hops/types.js';
import type { HopGraph } from '../hops/graph.js';
import { isMulticast } from '../topology/address.js';
import { routeTo, sourceOn } from './routes.js';
import type { IpStack, IpStacks } from './stack.js';

/** The ends of tunnels: the addresses to which each sends, and those from which others send to it. */

type Device = Hop<TunnelDevice>;

/** All addresses to which a tunnel sends anything. */
const targetsOf = ({ settings: { remotes, entries } }: Device): readonly string[] => [
  ...new Set([...remotes, ...Object.values(entries)]),
];

/** The device by which a stack sends what is for the other end of a tunnel, and whom it asks for there. */
export function wayOut(
  stack: IpStack,
  { dev, local: src }: Pick<TunnelEnd, 'dev' | 'local'>,
  dst: string,
) {
  const oif = dev === undefined ? undefined : stack.devices.find(({ device }) => device === dev);
  if (oif && isMulticast(dst))
    return { kind: 'out', device: oif, nextHop: dst, route: () => `dev ${dev}` } as const;
  return routeTo(stack, {
    dst,
    ...(src !== undefined && { src }),
    oif,
    isBound: oif !== undefined,
  });
}

/** The address that what a stack sends to the other end of a tunnel comes from. */
export function sourceTowards(
  stack: IpStack,
  by: Partial<Pick<TunnelEnd, 'dev' | 'local'>>,
  target: string,
): string | undefined {
  const { local, dev } = by;
  if (local !== undefined) return local;
  const way = wayOut(stack, { local, dev }, target);
  if (way.kind !== 'out') return undefined;
  return ('src' in way ? way.src : undefined) ?? sourceOn(stack, way.device, way.nextHop);
}

/** The tunnels of a lab, and who of them sends to whom. */
class Tunnels {
  constructor(
    readonly devices: readonly Device[],
    readonly stacks: IpStacks,
  ) {}

  stackOf({ stack }: Device): IpStack {
    const found = this.stacks.get(stack);
    if (!found) throw new RangeError(`${stack} has no IP stack`);
    return found;
  }

  /** Does what is sent to an address come to a tunnel: is it of its stack, or a group that it is in? */
  isAt(target: string, device: Device): boolean {
    return isMulticast(target)
      ? device.settings.remotes.includes(target)
      : this.stackOf(device).addresses.some(({ ip }) => ip === target);
  }

  /** The addresses for which a tunnel has an end: those that it sends to, and those of who sends to it and may. */
  remotesOf(device: Device): readonly string[] {
    const { by, isOpen } = device.settings;
    const senders = this.devices.filter(
      (one) => isOpen && one !== device && one.settings.by === by,
    );
    const heard = senders.flatMap((sender) =>
      targetsOf(sender)
        .filter((target) => this.isAt(target, device))
        .flatMap((target) => sourceTowards(this.stackOf(sender), sender.settings, target) ?? []),
    );
    return [...new Set([...targetsOf(device), ...heard])];
  }
}

const endOf = (device: Device, remote: string, src: string | undefined): Hop<TunnelEnd> => {
  const { by, id, port, local, dev, ttl, source, isOpen } = device.settings;
  return {
    ...device,
    ...{ id: `${device.id} > ${remote}`, kind: 'tunnel-end' },
    label: `${device.label} > ${remote}`,
    settings: {
      ...{ by, id, port, local, dev, ttl, source, isOpen, remote, src },
      ...{ noDevice: true, tunnel: device.id },
    },
  };
};

interface Ended {
  readonly device: Device;
  readonly ends: readonly Hop<TunnelEnd>[];
}

/** Ends that stand for each other: what one sends comes out at the other, unless something keeps it from that. */
function joined(tunnels: Tunnels, a: Ended, b: Ended): readonly HopEdge[] {
  const towards = ({ ends }: Ended, { device }: Ended): readonly Hop<TunnelEnd>[] =>
    ends.filter(({ settings: { remote } }) => tunnels.isAt(remote, device));
  const [there, back] = [towards(a, b), towards(b, a)];
  const others = (own: readonly Hop[], { ends }: Ended): readonly Hop[] =>
    own.length > 0 ? own : ends.slice(0, 1);
  if (there.length === 0 && back.length === 0) return [];
  return others(there, a).flatMap((one) =>
    others(back, b).map((other) => wireEdge(one.id, other.id)),
  );
}

/** Do two tunnels have the same number, or has neither anybody with its own? Else who asks for the way is told what differs. */
function isPair({ devices }: Tunnels, a: Device, b: Device): boolean {
  if (a.settings.by !== b.settings.by || a.stack === b.stack) return false;
  const has = (stack: string, { settings: { by, id } }: Device): boolean =>
    devices.some((one) => one.stack === stack && one.settings.by === by && one.settings.id === id);
  return a.settings.id === b.settings.id || (!has(b.stack, a) && !has(a.stack, b));
}

/** The ends of all tunnels; nothing where there are none. Pure. */
export function tunnelEnds(graph: HopGraph, stacks: () => IpStacks): HopFragment | undefined {
  const devices = [...graph.hops.values()].filter(isTunnel);
  if (devices.length === 0) return undefined;
  const tunnels = new Tunnels(devices, stacks());
  const all = devices.map((device) => ({
    device,
    ends: tunnels
      .remotesOf(device)
      .map((remote) =>
        endOf(device, remote, sourceTowards(tunnels.stackOf(device), device.settings, remote)),
      ),
  }));
  return {
    hops: all.flatMap(({ ends }) => ends),
    edges: all.flatMap((one, index) => [
      ...one.ends.map(({ id }) => wireEdge(one.device.id, id)),
      ...all
        .slice(index + 1)
        .filter(({ device }) => isPair(tunnels, one.device, device))
        .flatMap((other) => joined(tunnels, one, other)),
    ]),
  };
}
