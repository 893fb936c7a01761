import type { PreparedCheck } from '../probes/prepare.js';
import type { Testimony } from '../verify/kernel/testimony.js';
import type { Verdict } from '../verify/judge/verdict.js';
import type { Cell } from './scratch.js';
import type { Variant } from './variants.js';

/** What the model says of one frame under one setting, and what the captures saw. */
export interface MatrixCell extends Cell {
  readonly predicted: 'pass' | 'drop' | 'random';
  /** Label of the hop that drops it, or that may drop it, by the model; else `null`. */
  readonly at: string | null;
  readonly reason: string | null;
  readonly remedy: string | null;
  readonly source: string | null;
  /** `unknown` where it could not be found out; `note` says why. */
  readonly observed: 'pass' | 'drop' | 'unknown';
  /** Label of the last hop that saw it, where it was lost; else `null`. */
  readonly lastSeen: string | null;
  /** Label of the first hop after that which should have seen it; else `null`. */
  readonly firstMissed: string | null;
  /** What the kernel itself says of the loss, where that can only mean this frame; else `null`. */
  readonly kernel: Testimony | null;
  /** Did something else happen than was predicted? Never where it is not known. */
  readonly differs: boolean;
  /** What differs, or why it is not known; else `null`. */
  readonly note: string | null;
}

/** A link kind measured: every setting against every frame class, in both directions. */
export interface Matrix {
  readonly kind: string;
  /** Kinds of the nodes at the two ends; `forth` goes from the first to the second. */
  readonly ends: readonly [string, string];
  readonly variants: readonly Variant[];
  readonly classes: readonly Cell['class'][];
  readonly cells: readonly MatrixCell[];
  /** Milliseconds from the beginning of the building to the end of the observation. */
  readonly ms: number;
}

/** What the model says, as far as a cell shows it. */
interface Foretold {
  readonly outcome: MatrixCell['predicted'];
  readonly at?: number;
  readonly reason?: string;
  readonly remedy?: string;
  readonly source?: string;
}

/** Put a cell together. Pure. */
export function cellOf(cell: Cell, check: PreparedCheck, verdict: Verdict | undefined): MatrixCell {
  const [leg] = check.legs;
  const { outcome, at, ...cause }: Foretold = leg?.prediction ?? { outcome: 'pass' };
  const known = verdict !== undefined && verdict.outcome !== 'error';
  return {
    ...cell,
    predicted: outcome,
    at: at === undefined ? null : (leg?.path[at]?.label ?? null),
    reason: cause.reason ?? null,
    remedy: cause.remedy ?? null,
    source: cause.source ?? null,
    observed: !known ? 'unknown' : verdict.blame === null ? 'pass' : 'drop',
    lastSeen: (known && verdict.blame?.lastSeen) || null,
    firstMissed: (known && verdict.blame?.firstMissed) || null,
    kernel: (known && verdict.blame?.kernel) || null,
    differs: known && verdict.surprise !== null,
    note: known ? verdict.surprise : (verdict?.message ?? 'It was not tried.'),
  };
}

/** Cells in which something else happened than was predicted. */
export const differences = ({ cells }: Matrix): readonly MatrixCell[] =>
  cells.filter(({ differs }) => differs);

/** Cells of which nothing is known. */
export const unknowns = ({ cells }: Matrix): readonly MatrixCell[] =>
  cells.filter(({ observed }) => observed === 'unknown');
