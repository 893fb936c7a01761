import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../apply/command.js';
import { PatchlabError } from '../errors.js';
import { domainXml } from '../nodes/domain-xml.js';
import { udpPorts, uuid } from '../plan/names.js';
import type { LabNode } from '../topology/lab.js';
import { cacheFolder, type GuestImage } from './cache.js';
import { storedNic } from './identity.js';
import type { Work } from './packages.js';
import { shapeKey, type Shape } from './shape.js';
import { storeGuest } from './store.js';

/** The stored state of a guest that has booted: domains of its shape start from it. */
export interface WarmState {
  readonly key: string;
  /** The main memory, byte for byte; mapped by every domain that starts from it. */
  readonly memory: string;
  readonly mib: number;
  /** Processor and devices: QEMU's migration stream without the memory. */
  readonly devices: string;
}

/** What `manifest.json` beside a state says. */
interface Manifest {
  readonly shape: Shape;
  readonly files: Readonly<Record<'memory' | 'devices', StoredFile>>;
}

interface StoredFile {
  readonly bytes: number;
  /** Milliseconds since 1970 of the last change. */
  readonly changed: number;
  readonly sha256: string;
}

const folderOf = (key: string): string => join(cacheFolder(), 'warm', key);

const filesIn = (folder: string, shape: Shape): WarmState => ({
  key: shapeKey(shape),
  memory: join(folder, 'memory'),
  mib: shape.memoryMiB,
  devices: join(folder, 'devices'),
});

/** The versions on which a shape depends, for `Shape.versions`. */
export async function hypervisorVersions(): Promise<readonly string[]> {
  const programs = ['qemu-system-x86_64', 'libvirtd'];
  const outputs = programs.map((program) => runCommand([program, '--version']));
  return (await Promise.all(outputs)).map(({ stdout }) => stdout.split('\n')[0] ?? '');
}

/**
 * The state of a shape, if it is stored and nobody has written to it since: sizes and times are compared.
 * QEMU must be able to write to the memory file (it opens it so, though it maps it privately).
 */
export async function locateWarm(shape: Shape): Promise<WarmState | undefined> {
  const folder = folderOf(shapeKey(shape));
  const state = filesIn(folder, shape);
  const manifest = await readManifest(folder);
  if (!manifest) return undefined;
  for (const name of ['memory', 'devices'] as const) {
    const { size, mtimeMs } = await stat(state[name]).catch(() => ({ size: -1, mtimeMs: 0 }));
    const { bytes, changed } = manifest.files[name];
    if (size !== bytes || Math.trunc(mtimeMs) !== changed) return undefined;
  }
  return state;
}

/** Is a stored state byte for byte what was stored? Reads all of it. */
export async function isIntact(state: WarmState): Promise<boolean> {
  const manifest = await readManifest(folderOf(state.key));
  if (!manifest) return false;
  for (const name of ['memory', 'devices'] as const) {
    if ((await sha256(state[name])) !== manifest.files[name].sha256) return false;
  }
  return true;
}

/**
 * The state of a shape, made first where it is missing or damaged: a guest is booted, told to settle, and stored.
 * Several may do so at once: the first one stays.
 * @throws PatchlabError `guest/build` where the shape is not one of `image`; what libvirt and the agent raise
 */
export async function ensureWarm(
  shape: Shape,
  image: GuestImage,
  work: Work = {},
): Promise<WarmState> {
  const found = await locateWarm(shape);
  if (found) return found;
  if (shape.image !== image.sha256) {
    throw new PatchlabError('guest/build', {
      what: `The shape is not one of the guest image \`${image.name}\`.`,
    });
  }
  work.onProgress?.(`booting ${image.name} once to start from its state (${shapeKey(shape)})`);
  const target = folderOf(shapeKey(shape));
  await mkdir(join(cacheFolder(), 'warm'), { recursive: true, mode: 0o755 });
  const mark = randomBytes(4).toString('hex');
  const fresh = `${target}.${mark}`;
  try {
    await mkdir(fresh, { mode: 0o755 });
    await storeInto(fresh, shape, image, `wrm-${shapeKey(shape)}.${mark}`, work);
    if (!(await locateWarm(shape))) {
      await rm(target, { recursive: true, force: true });
      await rename(fresh, target);
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  const built = await locateWarm(shape);
  if (!built) throw new Error(`${target} vanished while it was made`);
  return built;
}

async function storeInto(
  folder: string,
  shape: Shape,
  image: GuestImage,
  name: string,
  work: Work,
): Promise<void> {
  const { memory, devices, mib } = filesIn(folder, shape);
  const owner = await domainUser();
  await (await open(memory, 'w', 0o600)).close();
  await truncate(memory, mib * 1024 * 1024);
  await chown(memory, owner.uid, owner.gid);
  await chmod(folder, 0o755);
  const domain = { name, uuid: uuid(name), xml: templateXml(shape, image, name) };
  await storeGuest(domain, { memory, mib, devices, nics: shape.nics }, work);
  const manifest: Manifest = {
    shape,
    files: { memory: await describeFile(memory), devices: await describeFile(devices) },
  };
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * A domain of the shape that belongs to no lab. Its cards hang on UDP cables that lead nowhere: a card that has no use of
 * a tap's offloads can be continued on every other kind of cable, which does not hold the other way round.
 */
function templateXml(shape: Shape, image: GuestImage, name: string): string {
  const ports = Array.from({ length: shape.nics }, (_, index) => ({
    ref: `warm:${storedNic(index)}`,
    node: 'warm',
    name: storedNic(index),
    mac: `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`,
    mtu: undefined,
  }));
  const node = {
    name: 'warm',
    kind: 'vm',
    ports,
    stacks: [],
    devices: [],
    addresses: [],
    routes: [],
    sysctls: [],
    spec: {
      guest: image.name,
      memory: `${shape.memoryMiB}MiB`,
      vcpus: shape.vcpus,
      machine: shape.machine,
      cpu: shape.cpu,
      agent: true,
    },
  } satisfies LabNode;
  return domainXml({
    node,
    name,
    uuid: uuid(name),
    lab: 'warm',
    attachments: ports.map(({ ref }) => {
      const [localPort, remotePort] = udpPorts(name, ref);
      return { via: 'udp', localPort, remotePort };
    }),
    facts: {
      accelerator: shape.accelerator,
      ovsDatapath: 'netdev',
      guests: { [image.name]: { ...image, kernelArgs: shape.kernelArgs } },
    },
  });
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The user as whom libvirt runs domains: https://libvirt.org/formatcaps.html, `secmodel` */
async function domainUser(): Promise<Owner> {
  const { stdout } = await runCommand(['virsh', '-c', 'qemu:///system', 'capabilities']);
  const [, uid = '0', gid = '0'] = /<baselabel type='qemu'>\+(\d+):\+(\d+)</.exec(stdout) ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

async function describeFile(path: string): Promise<StoredFile> {
  const { size, mtimeMs } = await stat(path);
  return { bytes: size, changed: Math.trunc(mtimeMs), sha256: await sha256(path) };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
