/** What ip-monitor(8) and `virsh event` say, a line each. Pure. */

/** A device that has changed, or is gone. */
export interface DeviceLine {
  readonly about: 'device';
  readonly device: string;
  readonly state: WatchedState;
}

/** `up`: set up, and with a carrier. `no-carrier`: set up, and nothing at the other end. `down`: not set up. */
export type WatchedState = 'up' | 'no-carrier' | 'down' | 'gone';

/** An entry of a neighbour table (ARP, neighbour discovery) that has changed. */
export interface NeighbourLine {
  readonly about: 'neighbour';
  readonly device: string;
  readonly address: string;
  readonly mac: string | undefined;
  readonly state: NeighbourState;
}

/** `seen`: it has answered, or nothing has belied it since. `aged`: nobody has confirmed it for a while. `failed`: it does not answer. `gone`: forgotten. */
type NeighbourState = 'seen' | 'aged' | 'failed' | 'gone';

/** A device by its flags, as ip(8) prints them (netdevice(7)). */
export function deviceState(flags: readonly string[]): WatchedState {
  if (!flags.includes('UP')) return 'down';
  return flags.includes('LOWER_UP') && !flags.includes('NO-CARRIER') ? 'up' : 'no-carrier';
}

const LINK = /^\[LINK\](Deleted )?\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)>/;
const NEIGHBOUR = /^\[NEIGH\](Deleted )?(\S+) dev (\S+)(?: lladdr (\S+))?.* ([A-Z]+)\s*$/;

/** States of the kernel's neighbour entries (include/uapi/linux/neighbour.h) that tell something. What is being asked is neither seen nor lost. */
const STATES: Readonly<Record<string, NeighbourState>> = {
  REACHABLE: 'seen',
  PERMANENT: 'seen',
  STALE: 'aged',
  FAILED: 'failed',
};

/** A line of `ip -o monitor label link neigh`; nothing for one that tells nothing. Groups are no neighbours. */
export function readMonitorLine(line: string): DeviceLine | NeighbourLine | undefined {
  const [, isGone, device, flags] = LINK.exec(line) ?? [];
  if (device !== undefined && flags !== undefined)
    return { about: 'device', device, state: isGone ? 'gone' : deviceState(flags.split(',')) };
  const [, isForgotten, address, on, mac, kernel = ''] = NEIGHBOUR.exec(line) ?? [];
  if (address === undefined || on === undefined || kernel === 'NOARP') return undefined;
  const state = isForgotten ? 'gone' : STATES[kernel];
  return state && { about: 'neighbour', device: on, address, mac, state };
}

/** A guest that has begun, ended, or something in between. */
export interface GuestLine {
  readonly domain: string;
  /** `started`, `stopped`, `crashed`, `suspended`, `resumed`, `shutdown`, as libvirt calls it. */
  readonly what: string;
  readonly why: string;
}

const LIFECYCLE = /event 'lifecycle' for domain '([^']+)': (\S+)\s*(.*)$/;

/** A line of `virsh event --loop --all`; nothing for one that is not about the life of a domain. */
export function readEventLine(line: string): GuestLine | undefined {
  const [, domain, what, why = ''] = LIFECYCLE.exec(line) ?? [];
  return domain === undefined || what === undefined
    ? undefined
    : { domain, what: what.toLowerCase(), why: why.trim().toLowerCase() };
}
