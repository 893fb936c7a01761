/** A program that runs containers: one file, one descriptor, one line in the registry. Its command line is that of docker(1). */
export interface ContainerEngine {
  /** As a topology names it; its program has this name too. */
  readonly name: string;
  readonly title: string;
  /** A command that succeeds where it can run containers, with its argument array. */
  readonly answers: readonly string[];
  /** What to do where that fails. */
  readonly remedy: string;
  /** Options with which `rm` removes a container at once, its volumes without a name too. */
  readonly removal: readonly string[];
  /** A file that is there once it was used since the machine started: where it is not, nobody needs to be asked. */
  readonly trace: string;
}
