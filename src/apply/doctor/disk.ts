import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cacheFolder } from '../../guests/cache.js';
import { formatBytes, parseBytes } from './bytes.js';
import { bad, defineCheck, good } from './define.js';

/** What a guest image and its build take, in bytes, with room to spare. */
const DEFAULT_NEED = 512 * 1024 ** 2;

/** The file system that a directory is on, or will be on once it is made. */
async function fileSystemOf(directory: string): Promise<StatsFs> {
  try {
    return await statfs(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return fileSystemOf(dirname(directory));
  }
}

export const disk = defineCheck({
  name: 'disk',
  title: 'Space for guest images',
  doc: 'Guest images are built once and kept in a cache. Where its disk is full, none can be built.',
  argument: { meaning: 'bytes that must be free, 512 MiB unless given', optional: true },
  severity: 'warning',
  ofLab: true,
  async run(arg) {
    const needed = arg === '' ? DEFAULT_NEED : parseBytes(arg);
    const directory = cacheFolder();
    const { bavail, bsize } = await fileSystemOf(directory);
    const found = `${formatBytes(bavail * bsize)} free for \`${directory}\`, ${formatBytes(needed)} needed`;
    return bavail * bsize >= needed
      ? good(found)
      : bad(
          found,
          `make room on the disk of ${directory}, or set PATCHLAB_CACHE to a folder on a larger one`,
        );
  },
});
