import { markOf } from '../names.js';
import { ip, type Act } from './define.js';

/** What patchlab gives a device of this host beside its name and address. */
export interface HostDress {
  readonly lab: string;
  /** How people call it. */
  readonly label: string;
  readonly altname?: string;
  readonly up: boolean;
}

/** Arguments of `ip link set` that keep the host's IPv6 from taking an address; below 1280 octets there is no IPv6 to silence (RFC 8200, 5). */
export const silence = (mtu: number | undefined): readonly string[] =>
  mtu !== undefined && mtu < 1280 ? [] : ['addrgenmode', 'none'];

/** Arguments of `ip link` for an MTU, if there is one to set. */
export const mtuWords = (mtu: number | undefined): readonly string[] =>
  mtu === undefined ? [] : ['mtu', String(mtu)];

/** Of Ethernet (linux/if_ether.h, ETH_DATA_LEN). */
export const DEFAULT_MTU = 1500;

/**
 * Mark a device as the lab's, bring it up and give it its readable name. The host's own IPv6 keeps
 * silent on it (addrgenmode none), because its router solicitations would run over the cable. That takes a
 * command of its own: of one command the kernel obeys `up` first (net/core/rtnetlink.c, do_setlink).
 */
export function dress(
  device: string,
  { lab, label, altname, up }: HostDress,
  mtu?: number,
  settings: readonly string[] = [],
): readonly Act[] {
  const set = ['link', 'set', 'dev', device];
  return [
    {
      ...ip(...set, 'alias', markOf(lab), ...settings, ...silence(mtu)),
      name: `mark ${device}`,
      why: `mark ${label} as the lab's`,
    },
    ...(up ? [{ ...ip(...set, 'up'), name: `up ${device}`, why: `bring ${label} up` }] : []),
    ...(altname === undefined
      ? []
      : [
          {
            ...ip('link', 'property', 'add', 'dev', device, 'altname', altname),
            name: `name ${device}`,
            why: `give ${label} a name that people can read`,
          },
        ]),
  ];
}

/** Turn the dress of a device into another. */
export function redress(device: string, old: HostDress, wanted: HostDress): readonly Act[] {
  const property = (verb: 'add' | 'del', name: string | undefined): readonly Act[] =>
    name === undefined ? [] : [ip('link', 'property', verb, 'dev', device, 'altname', name)];
  return [
    ...(old.altname === wanted.altname
      ? []
      : [...property('del', old.altname), ...property('add', wanted.altname)]),
    ...(old.up === wanted.up ? [] : [ip('link', 'set', 'dev', device, wanted.up ? 'up' : 'down')]),
  ];
}
