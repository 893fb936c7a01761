/** What a section measures, and what it gets to do so. */

/** One line of the table: what was measured, and how it stands to something measured in the same run. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  /** One value for each repetition, in the order in which they ran. */
  readonly samples: readonly number[];
  readonly ratios?: readonly Ratio[];
}

/** A row that could not be measured. */
export interface Skipped {
  readonly what: string;
  readonly skipped: string;
}

/** Another row's value, measured alternately with this one's: repetition by repetition. */
export interface Ratio {
  /** Reads on after the number, as in `x of bare ip -batch`. */
  readonly to: string;
  readonly value: number;
  readonly target?: Target;
}

export type Target = { readonly most: number } | { readonly least: number };

export interface Bench {
  /** How often each thing is measured; a section may do less where one takes minutes, and its rows show it. */
  readonly repeat: number;
  /** Sizes to measure; a section without such an option on the command line has its own. */
  readonly sizes: readonly number[];
  /** A folder of this run's own. */
  readonly folder: string;
  /** Begins the name of everything that is made, unique to this run. */
  readonly prefix: string;
  /** Aborted by Ctrl-C: nothing new may begin. */
  readonly signal: AbortSignal;
  /** Tell how it goes. */
  readonly say: (line: string) => void;
  /** Undo something at the end of the run, whatever the end is; the last first. */
  readonly defer: (undo: () => Promise<unknown>) => void;
  readonly report: (row: Row | Skipped) => void;
}

export interface Section {
  readonly name: string;
  readonly title: string;
  readonly sizes: readonly number[];
  run(bench: Bench): Promise<void>;
}
