import type { Where } from '../../plan/step.js';
import type { CommandResult } from '../command.js';

/** A program to run somewhere. */
export interface HostCommand {
  readonly argv: readonly string[];
  /** Name of a network namespace on the host, as `ip netns` knows it. */
  readonly netns?: string | undefined;
  /** Text for standard input. */
  readonly input?: string | undefined;
  /** Milliseconds until it is ended. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A program of a series. */
export type SeriesCommand = Pick<HostCommand, 'argv' | 'netns' | 'input'>;

export interface SeriesOptions {
  /** Go on after a program that failed. */
  readonly keepGoing: boolean;
  /** Milliseconds for all of them. */
  readonly timeout: number;
}

/** A file of a host, open for reading. */
export interface OpenFile {
  /** Some of what it holds beyond what was read, also of what it has grown by since; nothing at its end. */
  read(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Something that runs programs: this machine, or a guest through its agent. */
export interface Host {
  readonly name: string;
  /**
   * Run a program to its end, whatever its exit code.
   * @throws PatchlabError when it could not be run or did not end in time
   */
  run(command: HostCommand): Promise<CommandResult>;
  /** What its clock says: seconds since the epoch. Left out by this machine. */
  clock?(): Promise<number>;
  /**
   * Open a file, where that costs less than a program that reads it. Left out by this machine, whose files are at hand.
   * @param mode - `w` makes it, empty
   * @returns nothing where there is no such file
   */
  open?(path: string, mode: 'r' | 'w'): Promise<OpenFile | undefined>;
  /**
   * Run programs one after the other by one call, where that costs less than a call for each.
   * @returns a result for each that ran: without `keepGoing` the last may be the first that failed
   * @throws PatchlabError when the call failed or did not end in time
   */
  series?(
    commands: readonly SeriesCommand[],
    options: SeriesOptions,
  ): Promise<readonly CommandResult[]>;
}

/** The hosts of a lab, by the name that a step's `where` gives. */
export interface Hosts {
  at(where: Where): Host;
  /** The same by the name of the host, as `hostNameOf` says it. */
  named(host: string): Host;
  /** State of the guest that a host is, as `virsh domstate` says it; nothing for a machine that is no guest. */
  stateOf?(host: string): Promise<string | undefined>;
  /** The last line that the guest wrote on its console, or QEMU on its own log; nothing for a machine that is no guest. */
  lastWordsOf?(host: string): Promise<string | undefined>;
  close(): Promise<void>;
}
