import type { Ruleset } from './ruleset.js';

/** A packet filter that a file gives a stack, as nft(8) reads it on this machine. */
export interface FileFilter {
  /** As it is written. */
  readonly text: string;
  /** Empty where it could not be read. */
  readonly ruleset: Ruleset;
  /** Why it could not be read. */
  readonly unknown?: string;
  /** What br_netfilter does in a new namespace of this machine, by name of the setting; empty where it is not loaded. */
  readonly bridgeSettings: ReadonlyMap<string, string>;
}

/** Packet filters of a file, by the ids of their stacks. */
export type FileFilters = ReadonlyMap<string, FileFilter>;
