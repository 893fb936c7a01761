import { messageOf } from '../../src/errors.js';

/** What is to be undone at the end of a run. */
export interface Cleanup {
  readonly defer: (undo: () => Promise<unknown>) => void;
  /** Undo everything, the last first. @returns what went wrong */
  run(): Promise<readonly string[]>;
}

/** Keep a list of what is to be undone; one that fails does not keep the others from being run. */
export function createCleanup(): Cleanup {
  const undos: (() => Promise<unknown>)[] = [];
  return {
    defer: (undo) => undos.push(undo),
    async run() {
      const errors: string[] = [];
      for (let undo = undos.pop(); undo; undo = undos.pop())
        await undo().catch((error: unknown) => errors.push(messageOf(error)));
      return errors;
    },
  };
}
