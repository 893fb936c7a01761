import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootId } from '../apply/boot-id.js';
import { cacheFolder } from './cache.js';
import { shapeKey, type Shape } from './shape.js';

/** The stored state of a guest that has booted: domains of its shape start from it. */
export interface StoredState {
  readonly key: string;
  readonly folder: string;
  /** The main memory, byte for byte; mapped by every domain that starts from it, also after it was removed. */
  readonly memory: string;
  /** Processor and devices: QEMU's migration stream without the memory. */
  readonly devices: string;
}

/** What `manifest.json` beside a state says. */
export interface StateManifest {
  readonly shape: Shape;
  /** SHA-256 of each file. */
  readonly sha256: Readonly<Record<'memory' | 'devices', string>>;
  /** ISO 8601. */
  readonly stored: string;
}

/** Folder of the stored states, each in a folder named by its key; `KEY.new` is one in the making. */
export const statesFolder = (): string => join(cacheFolder(), 'states');

/** Ends the name of the folder of one in the making. */
export const UNFINISHED = '.new';

/** Where a state is or would be. */
export const stateIn = (key: string, folder = join(statesFolder(), key)): StoredState => ({
  key,
  folder,
  memory: join(folder, 'memory'),
  devices: join(folder, 'devices'),
});

/**
 * The state of a shape, if it is stored and whole. All of it is read and compared with its checksums by the first who
 * asks since the machine has booted; afterwards by whoever finds that a file was touched.
 */
export async function locateState(shape: Shape): Promise<StoredState | undefined> {
  const state = stateIn(shapeKey(shape));
  return (await isWhole(state)) ? state : undefined;
}

/** Is a state what was stored? */
export async function isWhole(state: StoredState): Promise<boolean> {
  const manifest = await readManifest(state.folder);
  if (!manifest) return false;
  try {
    const now = await fingerprint(state);
    const sealed = await readFile(sealOf(state), 'utf8').catch(() => '');
    if (sealed === now) return true;
    for (const name of ['memory', 'devices'] as const)
      if ((await sha256(state[name])) !== manifest.sha256[name]) return false;
    await seal(state).catch(() => undefined);
    return true;
  } catch {
    return false;
  }
}

/** Have a state read and compared again before its next use: a guest could not be started from it. */
export const distrust = (state: StoredState): Promise<void> =>
  rm(sealOf(state), { force: true }).catch(() => undefined);

/** The states that are stored, sorted by key; without a manifest where that cannot be read. */
export async function listStates(): Promise<
  readonly { readonly state: StoredState; readonly manifest: StateManifest | undefined }[]
> {
  const keys = (await readdir(statesFolder()).catch(() => [])).filter(
    (name) => !name.endsWith(UNFINISHED),
  );
  return Promise.all(
    keys.sort().map(async (key) => {
      const state = stateIn(key);
      return { state, manifest: await readManifest(state.folder) };
    }),
  );
}

const readManifest = async (folder: string): Promise<StateManifest | undefined> =>
  readFile(join(folder, 'manifest.json'), 'utf8')
    .then((text) => JSON.parse(text) as StateManifest)
    .catch(() => undefined);

/** Says that a state was found whole, and as what. */
const sealOf = ({ folder }: StoredState): string => join(folder, 'whole');

/** Say that a state is what was stored, until one of its files changes or the machine boots. */
export const seal = async (state: StoredState): Promise<void> =>
  writeFile(sealOf(state), await fingerprint(state));

/** Changes with the files (whoever writes to one changes its time, which none can set) and with each boot of the machine. */
async function fingerprint(state: StoredState): Promise<string> {
  const files = await Promise.all(
    [state.memory, state.devices].map((path) => stat(path, { bigint: true })),
  );
  const facts = files.map(({ dev, ino, size, ctimeNs }) => [dev, ino, size, ctimeNs].join(' '));
  return `${[await bootId(), ...facts].join('\n')}\n`;
}

/** SHA-256 of a file. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
