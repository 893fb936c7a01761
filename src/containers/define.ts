/** A program that runs containers: one file, one descriptor, one line in the registry. Its command line is that of docker(1). */
export interface ContainerEngine {
  /** As a topology names it; its program has this name too. */
  readonly name: string;
  readonly title: string;
  /** A command that prints its version where it is there, its daemon too, and leaves nothing on this machine. */
  readonly version: readonly string[];
  /** A command that succeeds where it can run containers; it may make folders of its own. */
  readonly answers: readonly string[];
  /** What to do where that fails. */
  readonly remedy: string;
  /** Options with which `rm` removes a container at once, its volumes without a name too. */
  readonly removal: readonly string[];
  /** A file that is there once it was used since the machine started: where it is not, nobody needs to be asked. */
  readonly trace: string;
}
