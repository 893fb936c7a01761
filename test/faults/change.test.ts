import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labFiles } from '../../src/apply/state.js';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  startCli,
  topologyFile,
} from '../support/cli.js';
import { labState } from '../support/lab-state.js';
import { fileText } from '../support/lab-of.js';
import { isLong, randomFrom, seedFor } from '../support/random.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';

/** A change in place that ends at any moment. */

const folder = scratchFolder();
const NAME = 'halfway';
const random = randomFrom(seedFor('moments of a change', 20261127));
const MOMENTS = isLong ? 20 : 3;

type Node = LabDefinition['nodes'][string];
const node = (address: string, more: object = {}): Node => ({
  ...{ kind: 'netns', addresses: { eth1: address } },
  ...more,
});

/** Two versions of a file that differ in nodes, cables, a bridge, a switch, addresses and an MTU. */
const one: LabDefinition = {
  name: NAME,
  nodes: {
    a: node('10.0.0.1/24'),
    b: node('10.0.0.2/24'),
    c: node('10.0.1.3/24', { namespaces: ['in'] }),
    d: node('10.0.1.4/24'),
  },
  links: [
    { kind: 'veth', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'ovs-panel', name: 'panel', patches: [['c:eth1', 'd:eth1']] },
    { kind: 'bridge', name: 'segment', ends: ['a:eth2', 'b:eth2', 'c:eth2'] },
  ],
};
const other: LabDefinition = {
  name: NAME,
  nodes: {
    a: node('10.0.0.1/24', { ports: { eth1: { mtu: 1400 } } }),
    b: node('10.0.0.9/24'),
    c: node('10.0.1.3/24'),
    e: node('10.0.1.5/24'),
    f: node('10.0.2.6/24'),
  },
  links: [
    { kind: 'veth', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'ovs-panel', name: 'panel', patches: [['c:eth1', 'e:eth1']] },
    { kind: 'bridge', name: 'segment', stp: true, ends: ['a:eth2', 'f:eth1', 'c:eth2'] },
  ],
};
/** With guests: one gets a NIC, one is replaced, one is new. */
const guest = (memory: string): Node => ({ kind: 'vm', memory });
const guests: LabDefinition = {
  name: NAME,
  nodes: { a: guest('160MiB'), b: guest('160MiB'), n: node('10.0.0.1/24') },
  links: [
    { kind: 'macvtap', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'bridge', name: 'segment', ends: ['a:eth2', 'n:eth1'] },
  ],
};
const otherGuests: LabDefinition = {
  name: NAME,
  nodes: { a: guest('160MiB'), b: guest('170MiB'), c: guest('160MiB') },
  links: [
    { kind: 'macvtap', mode: 'passthru', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'macvtap', ends: ['a:eth3', 'c:eth1'] },
  ],
};

const fileOf = (lab: LabDefinition, name: string): Promise<string> =>
  topologyFile(folder, `${name}.yaml`, fileText(lab));

async function ok(...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await cli(words);
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  return stdout;
}

let before: string;
beforeEach(async () => {
  before = await hostSnapshot();
});
afterEach(async () => {
  await cli(['down', NAME]);
  await expectHostAsBefore(before);
});

/**
 * Change a lab, and send a signal some milliseconds after the change has begun.
 * @returns what it said, or nothing where it was done by then; and how long it took from its beginning
 */
async function change(file: string, signal?: 'SIGINT' | 'SIGKILL', ms = 0) {
  const changing = startCli(['up', file, '--no-verify']);
  const state = () => readFile(labFiles(NAME).state, 'utf8');
  await expect.poll(state, { timeout: 60_000, interval: 1 }).toBe('building\n');
  const begin = performance.now();
  if (signal) setTimeout(() => changing.kill(signal), ms);
  const { exitCode, stderr } = await changing;
  // One that comes when all is done ends what has nothing left to do.
  const isBroken = exitCode !== 0 && stderr.includes('stopping');
  return { said: isBroken ? stderr : undefined, time: performance.now() - begin };
}

describe.each([
  { what: 'namespaces', from: one, to: other, moments: MOMENTS },
  { what: 'guests', from: guests, to: otherGuests, moments: isLong ? 5 : 1 },
])('a change of $what', ({ what, from, to, moments }) => {
  /** Build the first version, and see how long it takes to make the other one of it. */
  async function spent([old, young]: readonly [string, string]): Promise<number> {
    await ok('up', old, '--no-verify');
    return (await change(young)).time;
  }
  const files = async () =>
    [await fileOf(from, `${what}-from`), await fileOf(to, `${what}-to`)] as const;

  it('that is killed is mended by down, and by up of either file', async () => {
    const [old, young] = await files();
    const time = await spent([old, young]);
    for (let moment = 0; moment < moments; moment++) {
      await ok('down', NAME);
      await ok('up', old, '--no-verify');
      await change(young, 'SIGKILL', random.below(time));
      const mend = [undefined, old, young][moment % 3];
      if (mend !== undefined) {
        await ok('up', mend, '--no-verify');
        const mended = await labState(NAME);
        await ok('down', NAME);
        await ok('up', mend, '--no-verify');
        expect(mended).toEqual(await labState(NAME));
      }
      await ok('down', NAME);
      await expectHostAsBefore(before);
    }
  });

  it('that is interrupted, at once or later, leaves the lab as it was', async () => {
    const [old, young] = await files();
    const time = await spent([old, young]);
    for (let moment = 0; moment < moments; moment++) {
      await ok('down', NAME);
      await ok('up', old, '--no-verify');
      const was = await labState(NAME);
      const { said } = await change(young, 'SIGINT', moment === 0 ? 0 : random.below(time));
      const now = said === undefined ? young : old;
      if (said !== undefined) expect(said).toContain('is as it was before');
      expect((await cliJson('up', now)).result).toMatchObject({ changed: false, differs: [] });
      if (now === old) expect(await labState(NAME)).toEqual(was);
    }
  });
});
