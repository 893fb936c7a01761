import { hopId } from '../hops/graph.js';
import type { Hop, HopSettings } from '../hops/types.js';
import { altName, deviceName, macAddress } from '../plan/names.js';
import type { HostDress } from '../plan/resources/host-device.js';
import { onHost, type Resource } from '../plan/resources/define.js';
import { tap } from '../plan/resources/kinds/tap.js';
import { veth } from '../plan/resources/kinds/veth.js';
import { THIS_HOST, type Lab, type LinkEnd } from '../topology/lab.js';

/** The devices of the host that links are built from, and the resources that they are. */

/** One end of a veth pair: a device of the host, or a port inside a node's namespace. */
export interface VethEnd {
  readonly device: string;
  readonly mac: string;
  readonly mtu: number | undefined;
  /** Network namespace that the end is made in; the host's own when absent. */
  readonly netns: string | undefined;
  /** Id of the stack in that namespace. */
  readonly stack?: string;
  /** Id of its hop. */
  readonly hop: string;
}

/** A device of the host, on a port's side of a link. */
export interface HostDevice extends VethEnd {
  readonly netns: undefined;
  readonly altname: string;
  readonly detail: Hop;
}

/**
 * Name a device of the host.
 * @param kind - hop kind; its first two letters begin the name
 */
export function hostDevice(
  lab: Lab,
  end: LinkEnd,
  kind: string,
  settings: HopSettings = {},
): HostDevice {
  const device = deviceName(kind.slice(0, 2), lab.name, end.port.ref, kind);
  const mac = settings.mac ?? macAddress(lab.name, end.port.ref, kind);
  const id = hopId(THIS_HOST, device);
  const label = `${end.port.ref} ${kind}`;
  return {
    device,
    mac,
    mtu: end.port.mtu,
    netns: undefined,
    hop: id,
    altname: altName(lab.name, end.port.ref, kind),
    detail: {
      ...{ id, kind, stack: THIS_HOST, where: lab.here, device, label },
      settings: { ...settings, mac, ...(end.port.mtu !== undefined && { mtu: end.port.mtu }) },
    },
  };
}

/** Name a device of the host that belongs to a link as a whole, not to one of its ends. */
export function linkDevice(
  lab: Lab,
  link: string,
  role: string,
  kind: string,
  settings: HopSettings = {},
): HostDevice {
  const device = deviceName(kind.slice(0, 2), lab.name, link, role);
  const mac = settings.mac ?? macAddress(lab.name, link, role);
  const id = hopId(THIS_HOST, device);
  return {
    ...{ device, mac, mtu: settings.mtu, netns: undefined, hop: id },
    altname: altName(lab.name, link, role),
    detail: {
      ...{ id, kind, stack: THIS_HOST, where: lab.here, device, label: `${link} ${role}` },
      settings: { ...settings, mac },
    },
  };
}

/** The port itself, made right inside its node's namespace under its own name. */
export const nodePort = (end: LinkEnd): VethEnd => ({
  device: end.port.name,
  mac: end.port.mac,
  mtu: end.port.mtu,
  netns: end.stack.where.netns,
  stack: end.stack.id,
  hop: hopId(end.stack.id, end.port.name),
});

const isHostDevice = (end: VethEnd): end is HostDevice => end.netns === undefined;

/** What a device of the host is given beside its name and address. */
const dressOf = (lab: Lab, { altname, detail: { label, settings } }: HostDevice): HostDress => ({
  ...{ lab: lab.name, label, altname },
  up: settings.down !== true,
});

/** A veth pair whose ends are made where they belong, with their final names. */
export function vethPair(lab: Lab, a: VethEnd, b: VethEnd, why: string): Resource {
  const end = (one: VethEnd) => ({
    device: one.device,
    mac: one.mac,
    mtu: one.mtu,
    netns: one.netns,
    host: isHostDevice(one) ? dressOf(lab, one) : undefined,
  });
  return veth.of({
    ...onHost(lab),
    id: `veth ${a.hop} - ${b.hop}`,
    wanted: { ends: [end(a), end(b)] },
    makes: [a.hop, b.hop],
    in: [...new Set([a, b].map(({ stack }) => stack ?? THIS_HOST))],
    why,
  });
}

/** A tap that stays when the guest stops, so that a restart finds its switch port as it was. */
export const hostTap = (lab: Lab, device: HostDevice, why: string): Resource =>
  tap.of({
    ...onHost(lab),
    id: `tap ${device.device}`,
    wanted: {
      ...{ device: device.device, mac: device.mac },
      ...(device.mtu !== undefined && { mtu: device.mtu }),
      host: dressOf(lab, device),
    },
    makes: [device.hop],
    why,
  });
