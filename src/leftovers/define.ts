/** Something that patchlab has made, and that nothing of it needs any more. */
export interface Leftover {
  /** What it is, in words. */
  readonly what: string;
  readonly name: string;
  /** Why it is taken for patchlab's, and for left over. */
  readonly why: string;
}

/** A kind of leftovers: one file, one descriptor, one line in the registry. */
export interface LeftoverKind<L extends Leftover = Leftover> {
  readonly kind: string;
  /** Look for them, and change nothing. What cannot be looked at holds none. */
  find(): Promise<readonly L[]>;
  /** Remove what was found, as far as it is still left over. */
  remove(found: readonly L[]): Promise<void>;
}

/** Let the type of what is found flow into the descriptor's functions. */
export const defineLeftover = <L extends Leftover>(kind: LeftoverKind<L>): LeftoverKind<L> => kind;
