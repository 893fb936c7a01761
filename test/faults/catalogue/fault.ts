/**
 * A program that is run in a stack of the lab, `host` for this machine. `{LABEL}` stands for the device of that hop,
 * `{mac STACK:DEVICE}` for its planned MAC, `{domain NODE}` for a guest's domain. */
export type Change = readonly [stack: string, ...argv: readonly string[]];

/** `ip link set` for one device. */
export const link = (stack: string, device: string, ...words: readonly string[]): Change => [
  stack,
  ...['ip', 'link', 'set', 'dev', device, ...words],
];

/** Something done to a running lab behind patchlab's back, and what `verify` must say of it. */
export interface Fault {
  readonly name: string;
  readonly break: readonly Change[];
  /** Takes it back; without it the lab is built anew. */
  readonly mend?: readonly Change[];
  /** A check that must fail, as `PROBE FROM > TO`. */
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
