import { describe, expect, it, vi } from 'vitest';
import {
  cli,
  expectHostAsBefore,
  hostSnapshot,
  startCli,
  topology,
  verify,
  restoresHost,
} from '../support/cli.js';
import { isLong, randomFrom, seedFor } from '../support/random.js';

/** Commands that are killed at any moment: `down` leaves the host as it was, and `up` completes the lab. */

const random = randomFrom(seedFor('moments of commands', 20261127));

/** Labs, and how many moments there are of each where there is not much time, and where there is. */
const LABS = [
  { lab: 'namespace-cable', few: 1, many: 20 },
  { lab: 'bridge-eats-lldp', few: 0, many: 20 },
  { lab: 'ovs-normal', few: 2, many: 20 },
  { lab: 'lldp-direct', few: 0, many: 20 },
].flatMap(({ lab, few, many }) => {
  const moments = isLong ? many : few;
  return moments === 0 ? [] : [{ lab, moments }];
});

if (isLong) vi.setConfig({ testTimeout: 3_600_000 });

const before = restoresHost();

/** Run a command, and kill it after some milliseconds if it still runs. @returns how long it took */
async function run(words: readonly string[], ms?: number): Promise<number> {
  const begin = performance.now();
  const running = startCli(words);
  const timer = ms === undefined ? undefined : setTimeout(() => running.kill('SIGKILL'), ms);
  const { exitCode, stderr } = await running;
  clearTimeout(timer);
  if (ms === undefined) expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  return performance.now() - begin;
}

/** Times between nothing and what a whole run takes. */
const momentsOf = (count: number, whole: number): readonly number[] =>
  Array.from({ length: count }, () => random.below(whole));

describe.each(LABS)('$lab', ({ lab, moments }) => {
  const file = topology(`${lab}.yaml`);

  it('is removed by down, and completed by up, where up was killed', async () => {
    const whole = await run(['up', file]);
    await run(['down', lab]);
    for (const [index, ms] of momentsOf(moments, whole).entries()) {
      await run(['up', file], ms);
      if (index % 2 === 1) {
        await run(['up', file]);
        expect((await verify(lab)).exitCode).toBe(0);
      }
      await run(['down', lab]);
      await expectHostAsBefore(before());
    }
  });

  it('is removed by down, and built again by up, where down was killed', async () => {
    await run(['up', file]);
    const whole = await run(['down', lab]);
    for (const [index, ms] of momentsOf(moments, whole).entries()) {
      await run(['up', file]);
      await run(['down', lab], ms);
      if (index % 2 === 1) await run(['up', file]);
      await run(['down', lab]);
      await expectHostAsBefore(before());
    }
  });

  it('is as it was where a command that only looks was killed', async () => {
    await run(['up', file]);
    const built = await hostSnapshot();
    for (const words of [
      ['verify', lab],
      ['capture', lab, '--for', '1'],
    ]) {
      const whole = await run(words);
      for (const ms of momentsOf(moments, whole)) {
        await run(words, ms);
        await expectHostAsBefore(built);
      }
    }
    expect((await verify(lab)).exitCode).toBe(0);
    await run(['down', lab]);
  });
});

describe('a matrix', () => {
  it('is removed by down where it was killed', async () => {
    const words = ['matrix', 'bridge'];
    // Of a whole one it is known how long it takes where there is time for one.
    const whole = isLong ? await run(words) : 3000;
    for (const ms of momentsOf(isLong ? 20 : 1, whole)) {
      await run(words, ms);
      await cli(['down', '--all']);
      await expectHostAsBefore(before());
    }
  });
});
