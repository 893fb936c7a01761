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

/** A locally administered unicast MAC (IEEE 802, second bit of the first octet set). */
export function macAddress(...parts: readonly string[]): string {
  const bytes = digest('mac', ...parts).subarray(0, 5);
  return ['02', ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

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

/** A pair of UDP ports below the kernel's range for outgoing connections (net.ipv4.ip_local_port_range starts at 32768). */
export function udpPorts(...parts: readonly string[]): readonly [number, number] {
  const first = 16384 + 2 * (digest('udp', ...parts).readUInt32BE(0) % 8192);
  return [first, first + 1];
}

/** The mark by which everything of a lab is known: the alias of links, and of `lo` in namespaces. */
export const markOf = (lab: string): string => `patchlab:${lab}`;
