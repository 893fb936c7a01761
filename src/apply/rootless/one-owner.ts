import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, PatchlabError } from '../../errors.js';
import { holderFiles, storedNames } from '../state.js';

/** A state folder is the machine's or a holder's: who sees the labs of one from the other takes them for gone, and forgets what still runs. */

/** For a command that runs on the machine. @throws PatchlabError `lab/state` for a folder that has labs of a holder */
export function demandOfMachine(): void {
  const { holder } = holderFiles();
  if (existsSync(holder))
    throw refusal(
      dirname(holder),
      'is the state folder of labs without root',
      'they are in namespaces of their user, and would be taken for gone',
      'Add `--rootless`, also to `down --all`, which ends what runs there; or name',
    );
}

/** For a command that is to run in namespaces of its user. @throws PatchlabError `lab/state` for a folder of others, or that has labs of root */
export async function demandOfHolder(): Promise<void> {
  const { holder } = holderFiles();
  const folder = dirname(holder);
  if (!existsSync(folder)) return;
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw refusal(folder, 'is the state folder of another user', messageOf(error));
  });
  if (!existsSync(holder) && (await storedNames()).length > 0)
    throw refusal(
      folder,
      'is the state folder of labs of root',
      'they are on this machine, and would be taken for gone in namespaces of a user',
    );
}

const refusal = (folder: string, what: string, why: string, fix = 'Name'): PatchlabError =>
  new PatchlabError('lab/state', {
    what: `${folder} ${what}.`,
    why,
    fix: `${fix} another one with PATCHLAB_STATE; without it each has one of its own.`,
  });
