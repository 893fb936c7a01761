import { hash } from 'node:crypto';
import { DEVICE_NAME_MAX } from '../topology/hints.js';

/**
 * Whatever would differ between two runs is derived from the lab and the thing's place in it, so that
 * plans are repeatable and a device can be known by its name.
 */

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

const digest = (...parts: readonly string[]): Buffer => hash('sha256', parts.join('\0'), 'buffer');

/** `length` characters of a readable base-32 alphabet. */
export function tag(length: number, ...parts: readonly string[]): string {
  const bytes = digest(...parts);
  return Array.from({ length }, (_, i) => ALPHABET[(bytes[i] ?? 0) % 32]).join('');
}

/** Name of a device on the host: two letters that tell its role and a tag of the lab and its place there. */
export function deviceName(role: string, lab: string, ...place: readonly string[]): string {
  return `${role}${tag(10, lab, role, ...place)}`.slice(0, DEVICE_NAME_MAX);
}

/** Longest alternative name that the kernel takes for a network device (ALTIFNAMSIZ - 1, linux/if.h). */
const ALTNAME_MAX = 127;

/**
 * A name of a device that people can read. Dots stand for the colons of ports, which ifconfig(8) takes for labels of addresses.
 * @param place - the port or link that it belongs to
 * @param role - what it is there
 */
export function altName(lab: string, place: string, role: string): string {
  const name = [lab, place.replaceAll(':', '.'), role].join('.');
  if (name.length <= ALTNAME_MAX) return name;
  const end = `.${tag(10, lab, place)}.${role}`;
  return `${name.slice(0, ALTNAME_MAX - end.length)}${end}`;
}

/** A locally administered unicast MAC (IEEE 802, second bit of the first octet set). */
export function macAddress(...parts: readonly string[]): string {
  const octets = digest('mac', ...parts).toString('hex', 0, 5);
  return ['02', ...(octets.match(/../g) ?? [])].join(':');
}

/** So many octets of a key, as hexadecimal digits. At most 32. */
export const secret = (octets: number, ...parts: readonly string[]): string =>
  digest('secret', ...parts).toString('hex', 0, octets);

/** A version-8 UUID (RFC 9562: contents of the maker's own choosing). */
export function uuid(...parts: readonly string[]): string {
  const hex = digest('uuid', ...parts).toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/**
 * A number from 1 to `most` for each name, no two alike. It is derived from the name alone; which others there are
 * matters only where two would get the same: then the one that comes first by the alphabet has it.
 */
export function numbersFor(names: readonly string[], most: number): (name: string) => number {
  if (names.length > most) throw new RangeError(`${names.length} names for ${most} numbers`);
  const numbers = new Map<string, number>();
  const taken = new Set<number>();
  for (const name of names.toSorted()) {
    const nth = (attempt: number): number =>
      1 + (digest('number', name, String(attempt)).readUInt32BE(0) % most);
    let attempt = 0;
    while (taken.has(nth(attempt))) attempt += 1;
    taken.add(nth(attempt));
    numbers.set(name, nth(attempt));
  }
  return (name) => {
    const number = numbers.get(name);
    if (number === undefined) throw new RangeError(`${name} has no number`);
    return number;
  };
}

/** A pair of UDP ports below the kernel's range for outgoing connections (net.ipv4.ip_local_port_range starts at 32768). */
export function udpPorts(...parts: readonly string[]): readonly [number, number] {
  const first = 16384 + 2 * (digest('udp', ...parts).readUInt32BE(0) % 8192);
  return [first, first + 1];
}

/** The mark by which everything of a lab is known: the alias of links, and of `lo` in namespaces. */
export const markOf = (lab: string): string => `${MARK}${lab}`;

/** The lab whose mark an alias is; nothing where it is none. */
export const labOfMark = (alias: string | undefined): string | undefined =>
  alias?.startsWith(MARK) === true ? alias.slice(MARK.length) : undefined;

const MARK = 'patchlab:';
