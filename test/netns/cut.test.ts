import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  hostSnapshot,
  scratchFolder,
  status,
  topologyFile,
  verify,
} from '../support/cli.js';

/** Cables that are pulled while a lab is up: no carrier at any end, known to all that asks, and without a trace once plugged. */

const LAB = `name: pulled
nodes:
  a:
    kind: netns
    devices: [{ kind: macvlan, name: mv0, lower: eth1, mode: bridge }]
    addresses: { eth1: [10.0.1.1/24, 'fd00::1/64'], eth2: 10.0.2.1/24, eth3: 10.0.3.1/24, eth5: 10.0.5.1/24 }
    routes: [{ to: 10.9.0.0/24, via: 10.0.1.2 }, { to: 'fd09::/64', via: 'fd00::2' }]
  b:
    kind: netns
    addresses: { eth1: [10.0.1.2/24, 'fd00::2/64'], eth2: 10.0.2.2/24, eth3: 10.0.3.2/24, eth5: 10.0.5.2/24 }
    routes: [{ to: 10.8.0.0/24, via: 10.0.1.1 }]
  c: { kind: netns, addresses: { eth3: 10.0.3.3/24, eth4: 10.0.4.1/24 } }
  d: { kind: netns, addresses: { eth4: 10.0.4.2/24 } }
links:
  - { kind: veth, name: pair, ends: [a:eth1, b:eth1] }
  - { kind: bridge, name: segment, ends: [a:eth2, b:eth2] }
  - { kind: macvlan, name: shared, mode: bridge, ends: [a:eth3, b:eth3], uplink: c:eth3 }
  - { kind: ovs-panel, name: panel, patches: [[c:eth4, d:eth4]] }
  - { kind: redirect, name: decoy, ends: [a:eth5, b:eth5] }
verify:
  - { probe: carrier, at: a:mv0, expect: down }
${['a:eth1', 'b:eth1', 'a:eth2', 'b:eth2', 'a:eth3', 'b:eth3', 'c:eth3', 'c:eth4', 'd:eth4']
  .map((at) => `  - { probe: carrier, at: ${at}, expect: down }\n`)
  .join('')}  - { probe: icmp, from: a:eth1, to: b:eth1, expect: blocked }
  - { probe: icmp, from: b:eth1, to: a:eth1, expect: blocked }
  - { probe: lldp, from: a:eth2, to: b:eth2, expect: blocked }
  - { probe: arp, from: b:eth3, to: c:eth3, expect: blocked }
  - { probe: icmp, from: d:eth4, to: c:eth4, expect: blocked }
  - { probe: icmp, from: a:eth5, to: b:eth5 }
`;

const ALL = ['pair', 'segment', 'shared', 'panel'];

const folder = scratchFolder();
let file: string;
let before: string;
beforeAll(async () => {
  before = await hostSnapshot();
  file = await topologyFile(folder, 'pulled.yaml', LAB);
  expect((await cli(['up', file])).exitCode).toBe(0);
});
afterAll(async () => {
  await cli(['down', '--all']);
  expect(await hostSnapshot()).toBe(before);
});

/** Addresses, routes and states of all devices in the namespaces, without what counts or ages. */
async function inside(): Promise<readonly string[]> {
  const all = ['a', 'b', 'c', 'd'].flatMap((node) =>
    ['-br -4 addr', '-br link', 'route', '-6 route'].map((words) =>
      execa('ip', ['-n', `pulled.${node}`, ...words.split(' ')]),
    ),
  );
  return (await Promise.all(all)).map(({ stdout }) =>
    stdout
      .split('\n')
      .filter((line) => !/^(multicast|ff00)/.test(line))
      .toSorted()
      .join('\n'),
  );
}

const linksOf = async () => (await status('pulled')).links.map(({ id, state }) => `${id} ${state}`);

describe('a cable that is pulled', () => {
  it('leaves no carrier at any end, as the model has it, and no trace once it is plugged', async () => {
    const whole = await inside();
    const { result } = await cliJson('cut', ...ALL);
    expect(result.links).toEqual(ALL.map((link) => ({ link, state: 'cut', changed: true })));
    // What is cut is not in the file, and no reason not to verify.
    const { exitCode, verdicts } = await verify(file);
    expect(verdicts.filter(({ surprise }) => surprise !== null)).toEqual([]);
    expect([exitCode, verdicts.map(({ outcome }) => outcome)]).toEqual([
      0,
      verdicts.map(() => 'pass'),
    ]);
    expect(
      verdicts.find(({ from, probe }) => probe === 'icmp' && from === 'a:eth1')?.blame,
    ).toMatchObject({
      reason: 'a:eth1 has no carrier: the link pair is cut.',
      remedy: 'Plug it: `patchlab plug pair`.',
      predicted: true,
    });
    expect((await status('pulled')).drift).toEqual([]);
    expect(await linksOf()).toEqual([...ALL.map((id) => `${id} cut`), 'decoy up']);
    expect((await cli(['plug', ...ALL])).stdout).toContain('pair is plugged.');
    expect((await status('pulled')).drift).toEqual([]);
    expect(await inside()).toEqual(whole);
  });

  it('is called by an end, is pulled once, and plugged by `up`', async () => {
    const whole = await inside();
    await cli(['cut', 'pulled/pair', 'a:eth2', '--lab', 'pulled']);
    const { result } = await cliJson('cut', 'b:eth1', 'c:eth4');
    expect(result.links.map(({ link, changed }) => [link, changed])).toEqual([
      ['pair', false],
      ['panel', true],
    ]);
    const { stdout } = await cli(['up', file, '--no-verify']);
    expect(stdout).toContain('bring up b:eth1 (state down -> up)');
    expect(await linksOf()).toEqual([...ALL, 'decoy'].map((id) => `${id} up`));
    await cli(['cut', 'segment']);
    await cli(['up', 'pulled', '--no-verify']);
    expect(await linksOf()).toEqual([...ALL, 'decoy'].map((id) => `${id} up`));
    expect(await inside()).toEqual(whole);
    expect((await cliJson('plug', 'pair')).result.links[0]?.changed).toBe(false);
  });

  it('that no lab has is told, with those that there are', async () => {
    const asked = [['pear'], ['pair', 'x', '--lab', 'pulled'], ['pair', '--lab', 'puled']];
    const told = await Promise.all(asked.map((words) => cli(['cut', ...words])));
    expect(told.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
    expect(told.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining('did you mean `pair`?'),
      expect.stringContaining('write one of `pair`, `segment`'),
      expect.stringContaining('Did you mean `pulled`?'),
    ]);
  });
});
