import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/verify/judge/verdict.js';
import { cli, cliJson, scratchFolder, topologyFile, verify } from '../support/cli.js';

/** Carriers of real devices: as the file has them, taken behind patchlab's back, and not taken by what does not matter. */

const LAB = `name: carriers
nodes:
  a:
    kind: netns
    devices:
      - { kind: macvlan, name: mv0, lower: eth1 }
      - { kind: bridge, name: br0, members: [eth2, eth3] }
  b: { kind: netns }
links:
  - { kind: veth, ends: [a:eth1, b:eth1] }
  - { kind: veth, ends: [a:eth2, b:eth2] }
  - { kind: veth, ends: [a:eth3, b:eth3], down: [b:eth3] }
  - { kind: bridge, ends: [a:eth4, b:eth4], down: [a:eth4] }
verify:
  - { probe: carrier, at: a:eth1 }
  - { probe: carrier, at: a:mv0 }
  - { probe: carrier, at: a:br0 }
  - { probe: carrier, at: a:eth3, expect: down }
  - { probe: carrier, at: a:eth4, expect: down }
  - { probe: carrier, at: b:eth4 }
`;

const folder = scratchFolder();
let file: string;
beforeAll(async () => {
  file = await topologyFile(folder, 'carriers.yaml', LAB);
  expect((await cli(['up', file])).exitCode).toBe(0);
});
afterAll(() => cli(['down', 'carriers']));

const told = ({ outcome, blame, surprise }: Verdict): string =>
  [
    outcome,
    blame && `${blame.at}: ${blame.reason}`,
    surprise?.replace(blame?.reason ?? 'nothing', '...'),
  ]
    .filter((part) => typeof part === 'string')
    .join(' | ');
const FROM_FILE = [
  'pass | b:eth3: b:eth3 is down: it neither sends nor receives.',
  expect.stringMatching(/^pass \| a:eth4 veth: a:eth4 veth is down/) as string,
];
const EXPECTED = ['pass', 'pass', 'pass', ...FROM_FILE, 'pass'];
const DIFFERS = 'The lab is not as its file says: ...';
const DOWN = `it neither sends nor receives, and what it is plugged into has no carrier. | ${DIFFERS}`;

/** Change devices, look, and change them back. */
async function whenDone(
  ...changes: readonly (readonly [node: string, then: string, back: string])[]
) {
  const ip = async (node: string, words: string) =>
    expect(await cli(['exec', node, '--', 'ip', 'link', ...words.split(' ')])).toMatchObject({
      stderr: '',
    });
  for (const [node, then] of changes) await ip(node, then);
  try {
    return (await verify('carriers')).verdicts.map(told);
  } finally {
    for (const [node, , back] of changes) await ip(node, back);
  }
}

describe('a carrier', () => {
  it('is as the file has it, and results have its way', async () => {
    const { exitCode, verdicts } = await verify('carriers');
    expect([exitCode, verdicts.map(told)]).toEqual([0, EXPECTED]);
    expect(verdicts[1]?.hops.map(({ label, seen }) => [label, seen])).toEqual(
      ['b:eth1', 'a:eth1', 'a:mv0'].map((label) => [label, true]),
    );
    expect(verdicts[3]).toMatchObject({ from: 'a:eth3', to: 'a:eth3', expect: 'blocked' });
    const { stdout } = await cli(['verify', 'carriers']);
    expect(stdout).toMatch(/carrier +a:br0 +up +up +up +pass/);
    expect(stdout).toMatch(/carrier +a:eth3 +down +down, by b:eth3 +down, by b:eth3 +pass/);
    expect(stdout).toContain('a:eth3 has no carrier: b:eth3 keeps it from it.');
  });

  it('is taken by a peer that was taken down, with what stands on it, and by a port that left', async () => {
    const lost = `fail | b:eth1: b:eth1 is down: ${DOWN}`;
    const left = `fail | a:eth2: a:eth2 is no port of a:br0 (\`br0\`). | ${DIFFERS}`;
    expect(
      await whenDone(
        ['b', 'set eth1 down', 'set eth1 up'],
        ['a', 'set eth2 nomaster', 'set eth2 master br0'],
      ),
    ).toEqual(EXPECTED.with(0, lost).with(1, lost).with(2, left));
  });

  it('is not taken by a device on top, a port that is not needed, or what is no matter of carrier', async () => {
    expect(
      await whenDone(
        ['a', 'set mv0 down', 'set mv0 up'],
        ['a', 'set eth3 nomaster', 'set eth3 master br0'],
        ['a', 'set eth1 arp off', 'set eth1 arp on'],
        ['b', 'set eth4 mtu 1400', 'set eth4 mtu 1500'],
      ),
    ).toEqual(EXPECTED.with(1, `fail | a:mv0: a:mv0 is down: ${DOWN}`));
  });

  it('that the model does not have is told loudly, and a device that is gone is missing', async () => {
    const given = await whenDone(['b', 'set eth3 up', 'set eth3 down']);
    expect(given[3]).toMatch(/^fail \| The model says that a:eth3 has no carrier .* but it has/);
    await cli(['exec', 'a', '--', 'ip', 'link', 'del', 'mv0']);
    const { verdicts } = await verify('carriers');
    expect(verdicts[1] && told(verdicts[1])).toMatch(/^fail \| a:mv0: a:mv0 is gone/);
    // `up` mends it and looks at what it has touched.
    const { result } = await cliJson('up', file);
    expect(result.verdicts).toContainEqual(
      expect.objectContaining({ probe: 'carrier', to: 'a:mv0', outcome: 'pass' }),
    );
  });

  it('is asked of one device, at its place in the file', async () => {
    const bad = LAB.replace('at: a:br0', 'at: a').replace('at: a:mv0', 'at: a:mv9');
    const { stderr, exitCode } = await cli([
      'predict',
      await topologyFile(folder, 'bad.yaml', bad),
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/bad\.yaml:16:\d+: a has no port or device `mv9`/);
    expect(stderr).toMatch(/bad\.yaml:17:\d+: It is the carrier of one device/);
  });
});
