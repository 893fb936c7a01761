/** What the table says of one error. */
export interface ErrorEntry {
  /** Exit code: 2 the topology or the usage is wrong, 3 could not find out, 4 the host lacks something. */
  readonly exit: 2 | 3 | 4;
  /** When this error is raised and why it matters, for the documentation. */
  readonly meaning: string;
  /** What the user does about it in general; a message may carry a sharper one. */
  readonly remedy: string;
}

/** Keep the codes as a type while their entries are checked. */
export const entries = <T extends Readonly<Record<string, ErrorEntry>>>(table: T): T => table;
