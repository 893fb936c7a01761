import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';

/** Set where a command runs in the namespaces of a holder. */
export const HELD = 'PATCHLAB_HELD';

/** Is this process root of namespaces of its user, and not of the machine? */
export const isHeld = (): boolean => process.env[HELD] !== undefined;

/** Where programs for root are, which the PATH of other users may leave out. */
const ROOT_PROGRAMS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The environment of a user's own labs: folders of his own, by the XDG Base Directory Specification, unless others are named. */
export function ownEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = (name: string, folder: string): string => {
    const named = env[name];
    // One that is not absolute counts as none.
    return join(named?.startsWith('/') ? named : join(homedir(), folder), 'patchlab');
  };
  const path = new Set([...(env['PATH'] ?? '/usr/bin:/bin').split(':'), ...ROOT_PROGRAMS]);
  return {
    PATCHLAB_STATE: own('XDG_STATE_HOME', '.local/state'),
    PATCHLAB_CACHE: own('XDG_CACHE_HOME', '.cache'),
    ...env,
    PATH: [...path].join(':'),
  };
}

/** Where the libvirt of a user's own labs keeps what it has found out of QEMU, which takes it seconds. */
export const cacheOfLibvirt = (): string => join(process.env['PATCHLAB_CACHE'] ?? '', 'libvirt');

/** Folders below another one that the user's environment names, by their paths there. */
export const userFoldersIn = (above: string): readonly string[] =>
  ['XDG_RUNTIME_DIR', 'PATCHLAB_STATE', 'TMPDIR'].flatMap((name) => {
    const below = relative(above, resolved(process.env[name] ?? '/'));
    return below === '' || below.startsWith('..') ? [] : [below];
  });

/** A path without symbolic links; `/` for one that is not there. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return '/';
  }
}
