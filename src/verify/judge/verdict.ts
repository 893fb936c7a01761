import type { Testimony } from '../kernel/testimony.js';

/** What `verify` says: the shape of its JSON, version 1. */

/** `fail`: the lab is not as intended. `error`: it could not be found out. They are never mixed. */
export type Outcome = 'pass' | 'fail' | 'error' | 'skipped';

export interface VerdictHop {
  /** `local`, or `guest:NODE`. */
  readonly host: string;
  readonly stack: string;
  readonly device: string;
  readonly kind: string;
  /** How a person names it. */
  readonly label: string;
  /** `null` where nobody could look. */
  readonly seen: boolean | null;
  /** With which tags the frame came, where it should have had others: `the tag of VLAN 7`; else `null`. */
  readonly altered: string | null;
}

/** Where a frame died, and why. */
export interface Blame {
  /** Which of the probe's frames was lost: `ARP reply`. */
  readonly leg: string;
  /** Label of the last hop that saw it; `null` when not even the first did. */
  readonly lastSeen: string | null;
  /** Label of the first hop after that which could have seen it and did not. */
  readonly firstMissed: string;
  /** Label of the hop that dropped it, as far as the model knows; else the first that missed it. */
  readonly at: string;
  /** What the model says of a drop at that place, or the state of the devices; `null` where neither explains it. */
  readonly reason: string | null;
  readonly remedy: string | null;
  /** Standard, kernel source or manual page. */
  readonly source: string | null;
  /** Does the model know of the drop from the file alone? */
  readonly predicted: boolean;
  /** What the kernel itself says of it, where it says something that can only mean this frame. */
  readonly kernel?: Testimony | undefined;
}

/** What the model said beforehand. */
export interface Predicted {
  /** `random`: chance decides, see the reason. */
  readonly outcome: 'pass' | 'blocked' | 'random';
  readonly leg: string | null;
  readonly at: string | null;
}

export interface Verdict {
  readonly probe: string;
  /** Which of a probe's frames, where it has a choice: class, tag, payload. */
  readonly variant: string | null;
  readonly from: string;
  readonly to: string;
  readonly expect: 'pass' | 'blocked';
  readonly at: string | null;
  readonly outcome: Outcome;
  readonly predicted: Predicted;
  /** The frame that decided: the lost one, or the last one. */
  readonly leg: string;
  /** The hops of that frame's way, in its direction. */
  readonly hops: readonly VerdictHop[];
  readonly blame: Blame | null;
  /** Labels of the ends that hear it as well where none may (`nowhere_else`), as the model has it and as it was; else `null`. */
  readonly overheard: {
    readonly predicted: readonly string[];
    readonly by: readonly string[];
  } | null;
  /** One sentence. */
  readonly message: string;
  /** Where model and kernel differ, said loudly; else `null`. */
  readonly surprise: string | null;
  /** Milliseconds from the first sending to the decision. */
  readonly ms: number;
}
