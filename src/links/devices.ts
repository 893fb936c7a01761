import { hopId } from '../hops/graph.js';
import type { Hop, HopSettings } from '../hops/types.js';
import { altName, deviceName, macAddress, markOf } from '../plan/names.js';
import { LOCAL, type Step } from '../plan/step.js';
import { THIS_HOST, type Lab, type LinkEnd } from '../topology/lab.js';

/** The devices of the host that links are built from, and the steps that make them. */

/** One end of a veth pair: a device of the host, or a port inside a node's namespace. */
export interface VethEnd {
  readonly device: string;
  readonly mac: string;
  readonly mtu: number | undefined;
  /** Network namespace that the end is made in; the host's own when absent. */
  readonly netns: string | undefined;
  /** Id of its hop. */
  readonly hop: string;
}

/** A device of the host, on a port's side of a link. */
export interface HostDevice extends VethEnd {
  readonly netns: undefined;
  readonly altname: string;
  readonly detail: Hop;
}

const HOST_STAGE = { stage: 'devices', lane: THIS_HOST, where: LOCAL } as const;

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
      ...{ id, kind, stack: THIS_HOST, where: LOCAL, device, label },
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
      ...{ id, kind, stack: THIS_HOST, where: LOCAL, device, label: `${link} ${role}` },
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
  hop: hopId(end.stack.id, end.port.name),
});

const isHostDevice = (end: VethEnd): end is HostDevice => end.netns === undefined;

const vethArgs = (end: VethEnd): readonly string[] => [
  end.device,
  ...(end.netns === undefined ? [] : ['netns', end.netns]),
  ...['address', end.mac],
  ...(end.mtu === undefined ? [] : ['mtu', String(end.mtu)]),
];

/** A veth pair whose ends are made where they belong, with their final names. */
export function makeVethPair(lab: Lab, a: VethEnd, b: VethEnd, why: string): readonly Step[] {
  const onHost = [a, b].filter(isHostDevice);
  const [first] = onHost;
  return [
    {
      ...HOST_STAGE,
      id: `veth ${a.device} ${b.device} ${a.netns ?? THIS_HOST}`,
      do: {
        tool: 'ip',
        args: [
          'link',
          'add',
          'name',
          ...vethArgs(a),
          'type',
          'veth',
          'peer',
          'name',
          ...vethArgs(b),
        ],
      },
      ...(first && {
        undo: { tool: 'ip', args: ['link', 'del', 'dev', first.device] },
        owns: { type: 'link', name: first.device, mac: first.mac },
      }),
      why,
    },
    ...onHost.flatMap((device) => markAndRaise(lab, device, device !== first)),
  ];
}

/** A tap that stays when the guest stops, so that a restart finds its switch port as it was. */
export function makeTap(lab: Lab, tap: HostDevice, why: string): readonly Step[] {
  return [
    {
      ...HOST_STAGE,
      id: `tap ${tap.device}`,
      do: { tool: 'ip', args: ['tuntap', 'add', 'dev', tap.device, 'mode', 'tap', 'vnet_hdr'] },
      undo: { tool: 'ip', args: ['link', 'del', 'dev', tap.device] },
      owns: { type: 'link', name: tap.device, mac: tap.mac, lateMac: 'tun' },
      why,
    },
    ...markAndRaise(lab, tap, false, ['address', tap.mac, ...mtuArgs(tap.mtu)]),
  ];
}

const mtuArgs = (mtu: number | undefined): readonly string[] =>
  mtu === undefined ? [] : ['mtu', String(mtu)];

/** Arguments of `ip link set` that keep the host's IPv6 from taking an address; below 1280 octets there is no IPv6 to silence (RFC 8200, 5). */
export const silence = (mtu: number | undefined): readonly string[] =>
  mtu !== undefined && mtu < 1280 ? [] : ['addrgenmode', 'none'];

/**
 * Mark a device as the lab's, give it its readable name and bring it up. The host's own IPv6 keeps
 * silent on it (addrgenmode none), because its router solicitations would run over the cable. That takes a
 * command of its own: of one command the kernel obeys `up` first (net/core/rtnetlink.c, do_setlink).
 * @param owned - the device came with another's step (a veth peer) and is claimed here
 */
function markAndRaise(
  lab: Lab,
  device: HostDevice,
  owned: boolean,
  settings: readonly string[] = [],
): readonly Step[] {
  const { device: name, mac, detail } = device;
  return [
    {
      ...HOST_STAGE,
      id: `mark ${name}`,
      do: {
        tool: 'ip',
        args: [
          ...['link', 'set', 'dev', name, 'alias', markOf(lab.name), ...settings],
          ...silence(device.mtu),
        ],
      },
      ...(owned && { owns: { type: 'link', name, mac } as const }),
      why: `mark ${detail.label} as the lab's`,
    },
    ...raise(device),
    {
      ...HOST_STAGE,
      id: `name ${name}`,
      do: { tool: 'ip', args: ['link', 'property', 'add', 'dev', name, 'altname', device.altname] },
      why: `give ${detail.label} a name that people can read`,
    },
  ];
}

/** Bring a device up, unless it is to stay down. */
const raise = ({ device, detail }: HostDevice): readonly Step[] =>
  detail.settings.down === true
    ? []
    : [
        {
          ...HOST_STAGE,
          id: `up ${device}`,
          do: { tool: 'ip', args: ['link', 'set', 'dev', device, 'up'] },
          why: `bring ${detail.label} up`,
        },
      ];
