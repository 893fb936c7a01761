import { once } from 'node:events';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { isLocked, takeLock } from '../../../src/apply/lock.js';

const name = `/test/${process.pid}`;

it('lets one in at a time, and says who holds it', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => takeLock(name, 'demo')));
  const taken = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(taken).toHaveLength(1);
  await expect(takeLock(name, 'demo')).rejects.toMatchObject({
    code: 'lab/busy',
    message: expect.stringContaining(String(process.pid)) as string,
  });
  expect(await isLocked(name)).toBe(true);
  expect(await isLocked(`${name}/other`)).toBe(false);
  await taken[0]?.release();
  expect(await isLocked(name)).toBe(false);
  await (await takeLock(name, 'demo')).release();
});

it('is free again when its holder was killed', async () => {
  const script = `
    import { takeLock } from ${JSON.stringify(new URL('../../../src/apply/lock.ts', import.meta.url).pathname)};
    await takeLock(${JSON.stringify(name)}, 'demo');
    console.log('taken');
    setInterval(() => undefined, 1000);
  `;
  const holder = execa('node', ['--import', 'tsx', '--input-type=module', '--eval', script], {
    reject: false,
  });
  await once(holder.stdout, 'data');
  expect(await isLocked(name)).toBe(true);
  holder.kill('SIGKILL');
  await holder;
  expect(await isLocked(name)).toBe(false);
});
