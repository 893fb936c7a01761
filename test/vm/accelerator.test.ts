import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseAccelerator, rememberedAccelerator, tryKvm } from '../../src/guests/accelerator.js';
import { ensureGuest, type GuestImage } from '../../src/guests/cache.js';
import { TYPE, writeCpio } from '../../src/guests/cpio.js';

const before = { cache: process.env.PATCHLAB_CACHE, accel: process.env.PATCHLAB_ACCEL };
let folder: string;
let image: GuestImage;
/** An image whose kernel finds no init, so that nothing ever says that the guest is up. */
let silent: GuestImage;

beforeAll(async () => {
  image = await ensureGuest('mini');
  folder = await mkdtemp(join(tmpdir(), 'patchlab-accel-'));
  const initrd = join(folder, 'silent-initrd');
  await writeFile(initrd, writeCpio([{ path: 'dev', mode: TYPE.folder | 0o755 }]));
  silent = { ...image, initrd };
  process.env.PATCHLAB_CACHE = join(folder, 'cache');
  delete process.env.PATCHLAB_ACCEL;
});

afterAll(async () => {
  for (const [key, value] of [
    ['PATCHLAB_CACHE', before.cache],
    ['PATCHLAB_ACCEL', before.accel],
  ] as const) {
    if (value === undefined) Reflect.deleteProperty(process.env, key);
    else process.env[key] = value;
  }
  await rm(folder, { recursive: true });
});

/** Processes that have a word on their command line. */
async function processesWith(word: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    ids.map(async (id) => {
      const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      return line.includes(word) ? [id] : [];
    }),
  );
  return found.flat();
}

// Where there is no /dev/kvm nothing is started, and there is no time to run out.
describe.runIf(existsSync('/dev/kvm'))('a trial of KVM', () => {
  it('ends with emulation when the guest does not come up in time, and leaves no process', async () => {
    const start = performance.now();
    const choice = await tryKvm(silent, {}, 'qemu64');
    const seconds = (performance.now() - start) / 1000;
    expect(choice).toEqual({
      accelerator: 'tcg',
      why: expect.stringMatching(/did not come up with KVM within 15 s|cannot use KVM/) as string,
    });
    expect(seconds).toBeLessThan(18);
    expect(await processesWith(silent.initrd)).toEqual([]);
  });

  it('is broken off by its signal, and leaves no process', async () => {
    const controller = new AbortController();
    const trial = tryKvm(silent, { signal: controller.signal }, 'qemu64');
    setTimeout(() => controller.abort(), 300);
    await expect(trial).rejects.toMatchObject({ name: 'AbortError' });
    expect(await processesWith(silent.initrd)).toEqual([]);
  });
});

describe('chooseAccelerator', () => {
  it('tries once and remembers', async () => {
    expect(await rememberedAccelerator()).toBeUndefined();
    const lines: string[] = [];
    const work = { onProgress: (line: string) => void lines.push(line) };
    const first = await chooseAccelerator(image, work);
    expect(await rememberedAccelerator()).toBe(first.accelerator);
    const tried = lines.length;
    expect(await chooseAccelerator(image, work)).toEqual(first);
    expect(lines.length).toBe(tried);
  });
});
