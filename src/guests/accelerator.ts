import { access, constants, readFile, stat, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { runCommand } from '../apply/command.js';
import { PatchlabError } from '../errors.js';
import type { GuestFiles } from '../links/define.js';
import { cacheFolder, openFolder } from './cache.js';
import type { Work } from './packages.js';

export type Accelerator = 'kvm' | 'tcg';

/** Which way guests run, and how that came to be known. */
export interface Choice {
  readonly accelerator: Accelerator;
  readonly why: string;
}

/** Milliseconds in which a guest's kernel must have come up with KVM; it takes about one second where KVM serves. */
const TRIAL_TIME = 15_000;

/** What a template's init prints when the guest is up. */
const MARKER = 'patchlab: guest is up';

const CHOICES = ['auto', 'kvm', 'tcg'] as const;

/** The choice that the environment variable PATCHLAB_ACCEL makes. @throws PatchlabError `usage/accelerator` */
export function overriddenAccelerator(): Accelerator | undefined {
  const value = process.env.PATCHLAB_ACCEL ?? 'auto';
  const choice = CHOICES.find((each) => each === value);
  if (choice === undefined)
    throw new PatchlabError('usage/accelerator', {
      what: `PATCHLAB_ACCEL=${value} names no accelerator.`,
    });
  return choice === 'auto' ? undefined : choice;
}

/** The accelerator as far as it is known without trying. */
export async function rememberedAccelerator(): Promise<Accelerator | undefined> {
  return overriddenAccelerator() ?? (await remembered(await hostKey()))?.accelerator;
}

/**
 * KVM where a guest really boots with it, emulation where not: `/dev/kvm` can be there, and even run firmware,
 * without a kernel ever coming up. Tried once for a host and remembered.
 */
export async function chooseAccelerator(image: GuestFiles, work: Work = {}): Promise<Choice> {
  const override = overriddenAccelerator();
  if (override) return { accelerator: override, why: 'PATCHLAB_ACCEL says so' };
  const key = await hostKey();
  const known = await remembered(key);
  if (known) return known;
  const choice = await tryKvm(image, work);
  await openFolder(cacheFolder());
  await writeFile(memory(), `${JSON.stringify({ key, ...choice }, undefined, 2)}\n`);
  return choice;
}

const memory = (): string => join(cacheFolder(), 'accelerator.json');

async function remembered(key: string): Promise<Choice | undefined> {
  try {
    const found = JSON.parse(await readFile(memory(), 'utf8')) as Choice & { key: string };
    return found.key === key ? { accelerator: found.accelerator, why: found.why } : undefined;
  } catch {
    return undefined;
  }
}

/** What the outcome of a trial depends on: kernel, QEMU, and the KVM device with who may use it. */
async function hostKey(): Promise<string> {
  const { stdout } = await runCommand(['qemu-system-x86_64', '--version']);
  const device = await stat('/dev/kvm').then(
    ({ mode, uid, gid }) => `kvm ${(mode & 0o7777).toString(8)} ${uid}:${gid}`,
    () => 'no kvm',
  );
  const isClosed = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => false,
    () => device !== 'no kvm',
  );
  return [release(), stdout.split('\n')[0], device, ...(isClosed ? ['closed'] : [])].join(', ');
}

/**
 * Boot an image with KVM, without any device, until its init speaks; QEMU is gone when this returns.
 * @param cpu - CPU model as QEMU names it; `host` is what domains get
 */
export async function tryKvm(image: GuestFiles, work: Work, cpu = 'host'): Promise<Choice> {
  if (!(await stat('/dev/kvm').catch(() => undefined)))
    return { accelerator: 'tcg', why: 'there is no /dev/kvm' };
  work.onProgress?.('trying whether a guest boots with KVM (once, 15 s at most)');
  const guest = execa(
    'qemu-system-x86_64',
    [
      ...['-accel', 'kvm', '-cpu', cpu, '-m', '256', '-nodefaults', '-display', 'none'],
      ...['-serial', 'stdio', '-no-reboot', '-kernel', image.kernel, '-initrd', image.initrd],
      ...['-append', image.kernelArgs.join(' ')],
    ],
    {
      stdin: 'ignore',
      timeout: TRIAL_TIME,
      killSignal: 'SIGKILL',
      reject: false,
      all: true,
      ...(work.signal && { cancelSignal: work.signal }),
    },
  );
  let said = '';
  guest.all.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.includes(MARKER)) guest.kill('SIGKILL');
  });
  const { timedOut } = await guest;
  work.signal?.throwIfAborted();
  if (said.includes(MARKER)) return { accelerator: 'kvm', why: 'a guest booted with it' };
  const why = timedOut
    ? `a guest's kernel did not come up with KVM within ${TRIAL_TIME / 1000} s`
    : `QEMU cannot use KVM: ${said.trim().split('\n').at(-1) ?? ''}`;
  return { accelerator: 'tcg', why };
}
