import type { EndEvent, KernelEvent, PassEvent } from './events.js';

/** Where the kernel itself says that it freed a packet. */
export interface Testimony {
  /** The function of the kernel that freed it. */
  readonly function: string;
  /** Reason of the drop as the kernel names it (include/net/dropreason-core.h); `null` where it names none. */
  readonly reason: string | null;
  /** The device that had the packet last, by its label where it is on the frame's way. */
  readonly device: string;
}

/** A captured frame at the last hop that saw it. */
export interface KernelSight {
  readonly device: string;
  /** Seconds on the kernel's monotonic clock. */
  readonly time: number;
  /** Octets of the frame. */
  readonly length: number;
}

/** Seconds between the capture of a frame and the kernel's event of it, at most: both are noted in one go, by two clocks. */
const NEAR = 0.0003;
const HEADER = 14;
const TAG = 4;

/**
 * What became of a captured frame in the kernel, by the kernel's own events. It says nothing where another packet could be
 * meant: where two were at that device at that time with that length, or where a copy of it was dropped as well.
 */
export function testimonyOf(
  events: readonly KernelEvent[],
  sight: KernelSight,
): Testimony | undefined {
  const begin = events.findIndex((event) => isSight(event, sight));
  const own = events[begin];
  if (!own || !isPass(own)) return undefined;
  const life = events.slice(begin);
  const endAt = life.findIndex((event) => isEnd(event) && event.packet === own.packet);
  const lived = life.slice(0, endAt + 1);
  // An address is soon another packet's: what counts is whether anything was there but in this life.
  const others = events.filter((event) => isSight(event, sight) && !lived.includes(event));
  const strangers = lived.some((event) => isSight(event, sight) && event.packet !== own.packet);
  if (others.length > 0 || strangers) return undefined;
  const last = lived.at(-1);
  if (!last || last.what !== 'freed' || copyDied(lived, own)) return undefined;
  const devices = lived.filter(isPass).filter(({ packet }) => packet === own.packet);
  return {
    function: last.function,
    reason: last.reason ?? null,
    device: devices.at(-1)?.device ?? own.device,
  };
}

const isPass = (event: KernelEvent): event is PassEvent =>
  event.what === 'sent' || event.what === 'received';

const isEnd = (event: KernelEvent): event is EndEvent => !isPass(event);

/** A tag that the device adds or takes off by itself is not in the packet's length. */
function isSight(event: KernelEvent, { device, time, length }: KernelSight): boolean {
  if (!isPass(event) || event.device !== device || Math.abs(event.time - time) > NEAR) return false;
  const whole = event.what === 'sent' ? length : length - HEADER;
  return event.length === whole || event.length === whole - TAG;
}

/** Was a packet dropped that nobody had sent or received before, as a copy is that a bridge makes? */
function copyDied(lived: readonly KernelEvent[], own: PassEvent): boolean {
  const known = new Set<string>([own.packet]);
  for (const event of lived) {
    if (event.cpu !== own.cpu) continue;
    if (isPass(event)) known.add(event.packet);
    else if (event.what === 'freed' && !known.has(event.packet)) return true;
  }
  return false;
}
