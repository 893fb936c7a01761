import { isWireguard, type WireguardDevice } from '../hops/kinds/wireguard.js';
import { sealId, type WireguardPeer } from '../hops/seal.js';
import type { TunnelEnd } from '../hops/tunnel.js';
import { wireEdge, type Hop, type HopFragment } from '../hops/types.js';
import type { HopGraph } from '../hops/graph.js';
import type { IpStack, IpStacks } from './stack.js';
import { sourceTowards } from './tunnel-ends.js';

/** The ends of the tunnels of WireGuard: one for each peer, and for each address at which that may be. */

type Device = Hop<WireguardDevice>;
type End = Hop<TunnelEnd>;

/** A peer of a device, the device that it is, where one of the lab is that, and the addresses at which it may be. */
interface Known {
  readonly device: Device;
  readonly peer: WireguardPeer;
  readonly isStranger: boolean;
  readonly other: Device | undefined;
}

const ANYWHERE = { ip: '', port: 0 };

class Sealed {
  constructor(
    readonly devices: readonly Device[],
    readonly stacks: IpStacks,
  ) {}

  stackOf({ stack }: Device): IpStack | undefined {
    return this.stacks.get(stack);
  }

  /** The address from which what a device sends to an endpoint comes to another one; nothing where it does not go there. */
  heardAt(from: Device, to: Device): { readonly ip: string; readonly port: number } | undefined {
    const endpoint = from.settings.peers.find(({ key }) => key === to.settings.key)?.endpoint;
    const [stack, far] = [this.stackOf(from), this.stackOf(to)];
    if (!endpoint || !stack || endpoint.port !== to.settings.port) return undefined;
    if (far?.addresses.some(({ ip }) => ip === endpoint.ip) !== true) return undefined;
    const ip = sourceTowards(stack, {}, endpoint.ip);
    return ip === undefined ? undefined : { ip, port: from.settings.port };
  }

  /** The peers of a device, and the devices that take it for theirs without being so. */
  known(device: Device): readonly Known[] {
    const { key, peers } = device.settings;
    const others = this.devices.filter((one) => one !== device);
    const own = peers.map((peer) => ({
      ...{ device, peer, isStranger: false },
      other: others.find((one) => one.settings.key === peer.key),
    }));
    const strangers = others
      .filter((one) => one.settings.peers.some((peer) => peer.key === key))
      .filter((one) => !peers.some((peer) => peer.key === one.settings.key));
    return [...own, ...strangers.map((other) => ({ device, ...strange(other), other }))];
  }

  endsOf(known: Known): readonly End[] {
    const { device, peer, other } = known;
    const heard = other && this.heardAt(other, device);
    const isSame = heard?.ip === peer.endpoint?.ip && heard?.port === peer.endpoint?.port;
    const theirs = other?.settings.peers.find(({ key }) => key === device.settings.key);
    const told = peer.endpoint ?? (heard ? undefined : ANYWHERE);
    return [
      ...(told ? [this.end(known, told)] : []),
      ...(heard && !isSame
        ? [this.end(known, heard, theirs?.isKept === true ? 'kept' : 'perhaps')]
        : []),
    ];
  }

  end(
    { device, peer, isStranger }: Known,
    { ip, port: toPort }: { readonly ip: string; readonly port: number },
    heard?: 'kept' | 'perhaps',
  ): End {
    const { key, port, peers, source, mtu = 1500 } = device.settings;
    const stack = this.stackOf(device);
    const { name, preshared } = peer;
    return {
      ...device,
      ...{ id: `${device.id} > ${peer.key} ${ip}`, kind: 'tunnel-end' },
      label: `${device.label} > ${name}`,
      settings: {
        ...{ by: 'wireguard', id: sealId(key, peer.key), port, toPort },
        ...{ local: undefined, dev: undefined, ttl: undefined, source, isOpen: true },
        ...{ noDevice: true, tunnel: device.id, remote: ip },
        src: ip === '' || !stack ? undefined : sourceTowards(stack, {}, ip),
        seal: {
          ...{ own: key, peer: { name, key: peer.key }, preshared, peers, mtu, isStranger },
          ...(heard && { heard }),
        },
      },
    };
  }
}

const strange = ({ label, settings }: Device): Pick<Known, 'peer' | 'isStranger'> => ({
  isStranger: true,
  peer: {
    ...{ name: label, key: settings.key, preshared: undefined, allowed: [] },
    ...{ endpoint: undefined, isKept: false },
  },
});

/** The ends of all devices of WireGuard; nothing where there are none. Pure. */
export function wireguardEnds(graph: HopGraph, stacks: () => IpStacks): HopFragment | undefined {
  const devices = [...graph.hops.values()].filter(isWireguard);
  if (devices.length === 0) return undefined;
  const sealed = new Sealed(devices, stacks());
  const all = devices
    .flatMap((device) => sealed.known(device))
    .map((known) => ({ ...known, ends: sealed.endsOf(known) }));
  return {
    hops: all.flatMap(({ ends }) => ends),
    edges: all.flatMap(({ device, other, ends }) => [
      ...ends.map(({ id }) => wireEdge(device.id, id)),
      ...(other && devices.indexOf(device) < devices.indexOf(other)
        ? all
            .filter((one) => one.device === other && one.other === device)
            .flatMap((one) => one.ends.flatMap((far) => ends.map(({ id }) => wireEdge(id, far.id))))
        : []),
    ]),
  };
}
