import { ownEnvironment } from '../apply/rootless/folders.js';
import { joinHolder } from '../apply/rootless/holder.js';
import { attachLocal, PASSED_ON } from './attach.js';
import type { Context } from './define.js';

/** Run this very command in namespaces of the user's own, where it is root. @returns the exit code */
export async function runHeld({ signal, takeSignals }: Context): Promise<number> {
  Object.assign(process.env, ownEnvironment(process.env));
  const held = await joinHolder(signal);
  try {
    signal.throwIfAborted();
    const { exitCode } = await attachLocal(held.argv, false, (pass) =>
      takeSignals(PASSED_ON, pass),
    );
    return exitCode;
  } finally {
    await held.leave();
  }
}
