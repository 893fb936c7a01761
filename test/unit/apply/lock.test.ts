import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryCommand } from '../../../src/apply/command.js';
import { isLocked, takeLock } from '../../../src/apply/lock.js';
import { bootId, processStart } from '../../../src/apply/process.js';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchlab-lock-'));
  path = join(dir, 'locks', 'demo');
});
afterEach(() => rm(dir, { recursive: true }));

describe('takeLock', () => {
  it('lets one in at a time', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => takeLock(path, 'demo')),
    );
    const taken = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(taken).toHaveLength(1);
    await expect(takeLock(path, 'demo')).rejects.toMatchObject({ code: 'lab/busy' });
    expect(await isLocked(path)).toBe(true);
    await taken[0]?.release();
    expect(await isLocked(path)).toBe(false);
    await (await takeLock(path, 'demo')).release();
    expect(await readdir(join(dir, 'locks'))).toEqual([]);
  });

  it('takes over from a process that has died, from another boot, and from half a file', async () => {
    await (await takeLock(path, 'demo')).release();
    const ended = Number((await tryCommand(['sh', '-c', 'echo $$'])).stdout);
    const boot = await bootId();
    const start = await processStart(process.pid);
    const stale = [
      JSON.stringify({ pid: ended, start: '1', boot }),
      JSON.stringify({ pid: process.pid, start: '1', boot }),
      JSON.stringify({ pid: process.pid, start, boot: 'an earlier one' }),
      '{"pid":',
    ];
    for (const text of stale) {
      await writeFile(path, text);
      expect(await isLocked(path)).toBe(false);
      const tries = await Promise.allSettled(
        Array.from({ length: 5 }, () => takeLock(path, 'demo')),
      );
      const taken = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(taken).toHaveLength(1);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid, start });
      await taken[0]?.release();
    }
  });
});
