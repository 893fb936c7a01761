import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awaitLock, isLocked, takeLock, tryLock } from '../../../src/apply/lock.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchlab-lock-test-'));
  path = join(folder, 'locks', 'demo');
});
afterEach(() => rmSync(folder, { recursive: true }));

const module = new URL('../../../src/apply/lock.ts', import.meta.url).pathname;

/** Another process that has taken the lock. */
async function holder() {
  const script = `
    import { takeLock } from ${JSON.stringify(module)};
    await takeLock(${JSON.stringify(path)}, 'demo');
    console.log('taken');
    setInterval(() => globalThis.gc(), 100);
  `;
  const child = execa(
    'node',
    ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', script],
    { reject: false },
  );
  await once(child.stdout, 'data');
  // The process in an object: by itself it is a promise of its end.
  return { child };
}

describe('a lock', () => {
  it('lets one in at a time, and says who holds it', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => takeLock(path, 'demo')),
    );
    const taken = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(taken).toHaveLength(1);
    await expect(takeLock(path, 'demo')).rejects.toMatchObject({
      code: 'lab/busy',
      message: expect.stringContaining(`process ${process.pid}.`) as string,
    });
    expect(await isLocked(path)).toBe(true);
    expect(await isLocked(`${path}-other`)).toBe(false);
    taken[0]?.release();
    expect(await isLocked(path)).toBe(false);
    expect(existsSync(path)).toBe(false);
    (await takeLock(path, 'demo')).release(true);
    expect([existsSync(path), await isLocked(path)]).toEqual([true, false]);
  });

  it('goes from one to the next, though the file is removed in between', async () => {
    let [inside, most, turns] = [0, 0, 0];
    const turn = async (): Promise<void> => {
      const lock = await awaitLock(path);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      [inside, turns] = [inside - 1, turns + 1];
      lock.release();
    };
    await Promise.all(Array.from({ length: 12 }, turn));
    expect([most, turns]).toEqual([1, 12]);
  });

  it('is not waited for any longer than its signal says', async () => {
    const lock = await takeLock(path, 'demo');
    const abort = new AbortController();
    const waiting = awaitLock(path, abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    lock.release();
  });

  it('is kept as long as its process lives, and free again when that was killed', async () => {
    const { child } = await holder();
    expect(await isLocked(path)).toBe(true);
    expect(await tryLock(path)).toBeUndefined();
    child.kill('SIGKILL');
    await child;
    expect(await isLocked(path)).toBe(false);
    (await takeLock(path, 'demo')).release();
  });

  it('is not held by a program that outlives its holder', async () => {
    const script = `
      import { spawn } from 'node:child_process';
      import { takeLock } from ${JSON.stringify(module)};
      await takeLock(${JSON.stringify(path)}, 'demo');
      console.log(spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).pid);
      process.kill(process.pid, 'SIGKILL');
    `;
    const { stdout } = await execa(
      'node',
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { reject: false },
    );
    try {
      (await takeLock(path, 'demo')).release();
    } finally {
      process.kill(Number(stdout));
    }
  });
});

describe('a stranger', () => {
  it('cannot hold a lock by a socket of its name', async () => {
    const socket = createServer(() => undefined);
    socket.listen({ path: `\0patchlab${path}` });
    await once(socket, 'listening');
    (await takeLock(path, 'demo')).release();
    socket.close();
  });

  it.each([
    [
      'a file that others can write to',
      () => {
        writeFileSync(path, '1');
        chmodSync(path, 0o666);
      },
    ],
    ['a link to somewhere else', () => symlinkSync('/etc/passwd', path)],
    ['a folder that others can write to', () => chmodSync(join(folder, 'locks'), 0o777)],
  ])('is not believed: %s', async (_, prepare) => {
    mkdirSync(join(folder, 'locks'), { mode: 0o700 });
    prepare();
    await expect(takeLock(path, 'demo')).rejects.toMatchObject({ code: 'lab/state' });
    await expect(isLocked(path)).rejects.toMatchObject({ code: 'lab/state' });
  });

  it('does not get its text printed, nor more read than a number', async () => {
    const lock = await takeLock(path, 'demo');
    writeFileSync(path, `\x1b[2Jyour disk is full\n${'x'.repeat(1_000_000)}`);
    await expect(takeLock(path, 'demo')).rejects.toMatchObject({
      what: 'Lab `demo` is being built or removed by another process.',
    });
    lock.release();
  });
});
