/**
 * A program that is run in a stack of the lab, `host` for this machine. `{LABEL}` stands for the device of that hop,
 * `{mac STACK:DEVICE}` for its planned MAC, `{domain NODE}` for a guest's domain. */
export type Change = readonly [stack: string, ...argv: readonly string[]];

/** `ip link set` for one device. */
export const link = (stack: string, device: string, ...words: readonly string[]): Change => [
  stack,
  ...['ip', 'link', 'set', 'dev', device, ...words],
];

/** Something done to a running lab behind patchlab's back. Checks are written `PROBE FROM > TO`, or `frame CLASS FROM > TO`. */
interface Broken {
  readonly name: string;
  readonly break: readonly Change[];
  /** Takes it back; without it the lab is built anew. */
  readonly mend?: readonly Change[];
}

/** A frame is lost by it, and `verify` must say where and why. */
export interface Loss extends Broken {
  readonly check: string;
  /** Label of the hop that must be named. */
  readonly at: string;
  /** What the reason must say. */
  readonly reason: RegExp;
  /** A check that must go on passing. */
  readonly passes?: string;
  /** The check may pass by chance. */
  readonly lucky?: boolean;
}

/** A frame is lost by something that patchlab cannot read: the place is named, and no reason. */
export interface Unexplained extends Broken {
  readonly check: string;
  /** Label of the hop that must be named. */
  readonly at: string;
  readonly reason: null;
}

/** `verify` must find it, whatever becomes of the checks. */
export interface Found extends Broken {
  readonly checks: readonly string[];
  /** Kind of the findings. */
  readonly finding: string;
  /** The ports that each finding must name, sorted and joined by a blank. */
  readonly where: readonly string[];
}

/** Nothing can be found out about these checks, so they neither pass nor fail. */
export interface Unknown extends Broken {
  readonly checks: readonly string[];
  /** What each verdict must say. */
  readonly message: RegExp;
  /** A check that must go on passing. */
  readonly passes?: string;
}

export type Fault = Loss | Unexplained | Found | Unknown;
