import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import {
  cli,
  expectHostAsBefore,
  scratchFolder,
  topology,
  topologyFile,
  verify,
  restoresHost,
} from '../support/cli.js';
import { crasher } from '../support/crash.js';
import { isLong } from '../support/random.js';

/** Patchlab is killed after each of its steps: `down` leaves the host as it was, and `up` completes the lab. */

/** Labs, and after every how many steps each is killed where there is not much time; without a number it is left out then. */
const LABS = [
  { lab: 'namespace-cable', each: 11, long: 1 },
  { lab: 'bridge-eats-lldp', each: 45, long: 1 },
  { lab: 'ovs-patch-panel', each: undefined, long: 1 },
  { lab: 'lldp-direct', each: undefined, long: 5 },
].flatMap(({ each, long, ...one }) => {
  const every = isLong ? long : each;
  return every === undefined ? [] : [{ ...one, every }];
});

if (isLong) vi.setConfig({ testTimeout: 3_600_000 });

const folder = scratchFolder();
const crash = crasher();

const before = restoresHost();

async function ok(...words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await cli(words);
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
}

/** Two versions of a lab's file: with a cable to another node, and with a bridge in its place, and another address. */
async function versionsOf(lab: string): Promise<readonly [string, string]> {
  const text = readFileSync(topology(lab), 'utf8');
  const withMore = (node: string, link: string): string =>
    text
      .replace(/^nodes:$/m, `nodes:\n  x: { kind: netns }\n  ${node}: { kind: netns }`)
      .replace(/^links:$/m, `links:\n  - ${link}`);
  return [
    await topologyFile(
      folder,
      `${lab}-from.yaml`,
      withMore('y', '{ kind: veth, ends: [x:eth1, y:eth1] }'),
    ),
    await topologyFile(
      folder,
      `${lab}-to.yaml`,
      withMore('z', '{ kind: bridge, name: more, ends: [x:eth1, z:eth1] }').replace(
        '.1/24',
        '.7/24',
      ),
    ),
  ];
}

describe.each(LABS)('$lab', ({ lab, every }) => {
  const file = topology(lab);

  /** Kill a command after its steps, each time on a lab as `prepare` leaves it. */
  async function killEach(
    prepare: () => Promise<void>,
    words: readonly string[],
    completes: boolean,
  ): Promise<void> {
    await prepare();
    const steps = await crash(words);
    expect(steps).toBeGreaterThan(1);
    await ok('down', lab);
    let killed = 0;
    for (let at = 1; at <= steps; at += every) {
      await prepare();
      // What runs side by side may need one step more or less.
      if ((await crash(words, at)) >= at) killed += 1;
      if (completes && at % 2 === 0) {
        await ok('up', file, '--no-verify');
        expect((await verify(lab)).exitCode).toBe(0);
      }
      await ok('down', lab);
      await expectHostAsBefore(before());
    }
    expect(killed).toBeGreaterThanOrEqual(Math.floor((steps - 1) / every));
    if (isLong) process.stdout.write(`${words.join(' ')}: killed after ${killed} of ${steps}\n`);
  }
  const nothing = (): Promise<void> => Promise.resolve();

  it('is removed by down, or completed by up, after each step of up', () =>
    killEach(nothing, ['up', file], true));

  it('is removed by down, or built again by up, after each step of down', () =>
    killEach(() => ok('up', file), ['down', lab], true));

  it('is removed by down after each step of a change in place', async () => {
    const [from, to] = await versionsOf(lab);
    await killEach(() => ok('up', from), ['up', to, '--no-verify'], false);
  });
});
