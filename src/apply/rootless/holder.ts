import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, PatchlabError } from '../../errors.js';
import { bootId } from '../boot-id.js';
import { commandMissing } from '../command.js';
import { userNamespaceRemedy } from '../doctor/user-namespaces.js';
import { awaitLock, shareLock, tryLock } from '../lock.js';
import { startOf } from '../scratch.js';
import { holderFiles, makeStateDir, removeEmptyStateDir, storedNames } from '../state.js';
import { demandOfHolder } from './one-owner.js';
import { userFoldersIn } from './folders.js';
import { ENTER, HOLD } from './scripts.js';

/**
 * Labs of an ordinary user are in a user, a mount and a network namespace of his own, which a process holds: a holder, one for each state
 * folder. A command joins them and is root there, of a small machine on which nothing but labs is; so nothing else of patchlab
 * knows of it. The holder begins with the first command and ends with the last lab.
 */

/** A command's place in the namespaces of a holder, which does not end before it is left. */
export interface Joined {
  /** What makes this process's own command line run there. */
  readonly argv: readonly string[];
  /** The holder ends, with all that runs in its namespaces, where no lab is stored and no other command is there. */
  leave(): Promise<void>;
}

/** Join the namespaces of the user's holder; where none lives, one begins. @throws PatchlabError `host/no-user-namespaces` */
export async function joinHolder(signal: AbortSignal): Promise<Joined> {
  const files = holderFiles();
  await demandOfHolder();
  await makeOwnStateDir();
  try {
    return await joinAt(files, signal);
  } catch (error) {
    await removeEmptyStateDir();
    throw error;
  }
}

async function joinAt(files: ReturnType<typeof holderFiles>, signal: AbortSignal): Promise<Joined> {
  for (;;) {
    const share = await shareLock(files.lock, signal);
    const pid = await holderIn(files.holder);
    if (pid !== undefined)
      return {
        argv: [
          ...['nsenter', '--preserve-credentials', '--user', '--mount', '--net', '--target', pid],
          ...['--', 'perl', '-e', ENTER, process.execPath, process.cwd()],
        ],
        async leave() {
          share.release();
          await endIdle();
        },
      };
    share.release();
    const lock = await awaitLock(files.lock, signal);
    try {
      if ((await holderIn(files.holder)) === undefined)
        await writeFile(files.holder, await begin(), { mode: 0o600 });
    } catch (error) {
      await clear(files.holder);
      throw error;
    } finally {
      lock.release();
    }
  }
}

/** End the holder where nothing needs it. */
async function endIdle(): Promise<void> {
  if ((await storedNames()).length > 0) return;
  const files = holderFiles();
  // Who has it needs the holder, and looks after it.
  const lock = await tryLock(files.lock);
  if (!lock) return;
  try {
    if ((await storedNames()).length > 0) return;
    const pid = await holderIn(files.holder);
    if (pid !== undefined) await end(pid);
    await clear(files.holder);
  } finally {
    lock.release();
    await removeEmptyStateDir();
  }
}

const clear = (holder: string): Promise<void> => rm(holder, { force: true });

/** The process id of the holder that a file names, if it lives: ids are used again, start times and boots are not. */
async function holderIn(file: string): Promise<string | undefined> {
  const [boot, pid = '', start] = fieldsOf(file);
  const lives = boot === (await bootId()) && start === startOf(pid) && spaceOf(pid) !== undefined;
  return lives ? pid : undefined;
}

function fieldsOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').trim().split(' ');
  } catch {
    return [];
  }
}

/** Begin a holder. @returns what its file says */
async function begin(): Promise<string> {
  const argv = ['--user', '--map-root-user', '--net', '--mount', '--propagation', 'slave'];
  const script = ['perl', '-e', HOLD, ...userFoldersIn('/run')];
  const holder = spawn('unshare', [...argv, ...script], {
    ...{ cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  const failed = new Promise<never>((_, reject) => holder.once('error', reject));
  // Both end as soon as it holds.
  const said = Promise.all([text(holder.stdout), text(holder.stderr)]);
  const [ready, why] = await Promise.race([said, failed]).catch(() => {
    throw commandMissing('unshare');
  });
  const { pid = 0 } = holder;
  if (ready !== 'ready\n')
    throw new PatchlabError('host/no-user-namespaces', {
      what: 'No namespaces could be made for labs of this user.',
      why: why.trim(),
      fix: await userNamespaceRemedy(),
    });
  holder.unref();
  return `${await bootId()} ${pid} ${startOf(pid) ?? ''}\n`;
}

/** Time that killed processes have to go, in steps. */
const STEPS = 500;

/** End a holder and all that is in its namespaces. */
async function end(pid: string): Promise<void> {
  const space = spaceOf(pid);
  for (let step = 0; step < STEPS && space !== undefined; step += 1) {
    const members = readdirSync('/proc').filter(
      (one) => /^\d+$/.test(one) && spaceOf(one) === space,
    );
    if (members.length === 0) return;
    for (const one of members) kill(Number(one));
    await pause(10);
  }
}

/** The user namespace of a process that lives; nothing where that is not to be known. */
function spaceOf(pid: string): string | undefined {
  try {
    // Those that have ended, and are not yet taken note of, are in no network namespace.
    readlinkSync(`/proc/${pid}/ns/net`);
    return readlinkSync(`/proc/${pid}/ns/user`);
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

async function makeOwnStateDir(): Promise<void> {
  try {
    await makeStateDir();
  } catch (error) {
    throw new PatchlabError('lab/state', {
      what: 'There is no folder for what is known of labs.',
      why: messageOf(error),
      fix: 'Set HOME, XDG_STATE_HOME or PATCHLAB_STATE to a folder that is yours.',
      cause: error,
    });
  }
}
