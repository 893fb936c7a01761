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

/** Something that runs programs: this machine, or a guest through its agent. */
export interface Host {
  readonly name: string;
  /**
   * Run a program to its end, whatever its exit code.
   * @throws PatchlabError when it could not be run or did not end in time
   */
  run(command: HostCommand): Promise<CommandResult>;
}

/** The hosts of a lab, by the name that a step's `where` gives. */
export interface Hosts {
  at(where: Where): Host;
  /** State of the guest that a host is, as `virsh domstate` says it; nothing for a machine that is no guest. */
  stateOf?(where: Where): Promise<string | undefined>;
  close(): Promise<void>;
}
