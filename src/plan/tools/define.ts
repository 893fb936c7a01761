import type { CommandOf, ToolName } from '../step.js';

/** A program to run, with the text for its standard input. */
export interface ToolCall {
  readonly argv: readonly string[];
  readonly input?: string;
}

/** How a program ended, as far as a tool reads it. */
export interface ToolEnd {
  readonly exitCode: number;
  readonly stderr: string;
}

/** A tool that makes changes: one file, one descriptor, one line in the registry. */
export interface Tool<T extends ToolName = ToolName> {
  readonly name: T;
  /** Most commands that one invocation takes. */
  readonly max: number;
  /**
   * Commands of equal groups may share an invocation; a command without a group stays alone, and is
   * taken for one that may last.
   */
  group(command: CommandOf<T>): string | undefined;
  /** One invocation for all. `keepGoing`: a command that fails does not keep the later ones from running, where the tool can. */
  batch(commands: readonly CommandOf<T>[], keepGoing: boolean): ToolCall;
  /** Did it succeed? By default exit code 0 says so. */
  succeeded?(outcome: ToolEnd): boolean;
  /** Indexes of the commands that failed, as far as the program's messages tell. */
  failed?(commands: readonly CommandOf<T>[], stderr: string): readonly number[];
}

/** Let the tool's name flow into the descriptor's functions. */
export const defineTool = <T extends ToolName>(tool: Tool<T>): Tool<T> => tool;
