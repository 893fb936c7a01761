import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, cliJson, scratchFolder, topologyFile } from '../support/cli.js';

/** One frame, followed through a lab that is up. */

const LAB = `name: traced
nodes:
  a: { kind: netns }
  b:
    kind: netns
    namespaces: [c1]
    devices:
      - { kind: veth, name: c1up, peer: c1:eth0 }
      - { kind: bridge, name: br0, members: [eth1, c1up] }
links:
  - { kind: bridge, ends: [a:eth1, b:eth1] }
  - { kind: veth, ends: [a:eth2, b:eth2] }
`;

const folder = scratchFolder();

beforeAll(async () => {
  const file = await topologyFile(folder, 'traced.yaml', LAB);
  expect((await cli(['up', file])).exitCode).toBe(0);
});

afterAll(() => cli(['down', 'traced']));

const trace = (...args: string[]) => cliJson('trace', ...args, '--lab', 'traced');

describe('trace', () => {
  it('follows a frame that arrives, with times that do not go back', async () => {
    const { exitCode, result } = await trace('a:eth1', 'b/c1', '--frame', 'arp-request');
    expect([exitCode, result.arrived, result.surprise]).toEqual([0, true, null]);
    expect(result.hops.map(({ label, seen }) => [label, seen])).toEqual([
      ['a:eth1', true],
      ['a:eth1 veth', true],
      ['a:eth1-b:eth1 bridge', null],
      ['b:eth1 veth', true],
      ['b:eth1', true],
      ['b:br0', null],
      ['b:c1up', true],
      ['b/c1:eth0', true],
    ]);
    const times = result.hops.flatMap(({ us }) => us ?? []);
    expect(times[0]).toBe(0);
    expect(times).toEqual(times.toSorted((x, y) => x - y));
    expect(result.hops[0]?.frame).toBe('ARP who-has 192.0.2.2 tell 192.0.2.1');
  });

  it('says where one died, and why', async () => {
    const { exitCode, result } = await trace('a:eth1', 'b:eth1', '--frame', 'lacp');
    expect([exitCode, result.arrived]).toEqual([1, false]);
    expect(result.blame).toMatchObject({ at: 'a:eth1-b:eth1 bridge', lastSeen: 'a:eth1 veth' });
    expect(result.blame?.remedy).toContain('group_fwd_mask');
    const { stdout } = await cli(['trace', 'a:eth1', 'b:eth1', '--frame', 'lacp']);
    expect(stdout).toMatch(/✓ a:eth1 veth +\+?\d+ µs/);
    expect(stdout).toMatch(/· a:eth1-b:eth1 bridge +not watched/);
    expect(stdout).toMatch(/✗ b:eth1 veth$/m);
    expect(stdout).toContain('It died at a:eth1-b:eth1 bridge.');
  });

  it('takes the nearest devices where only nodes are named', async () => {
    const { result } = await trace('a', 'b', '--frame', 'lacp');
    expect([result.from, result.to, result.arrived]).toEqual(['a:eth2', 'b:eth2', true]);
  });

  it('sends what is asked for: a tag and a size', async () => {
    const { result } = await trace('b:eth2', 'a:eth2', '--vlan', '7', '--payload', '200');
    expect([result.arrived, result.hops[1]?.frame]).toEqual([
      true,
      expect.stringContaining('vlan 7, ethertype 0x88b5') as string,
    ]);
  });

  it('refuses places and values that make no sense', async () => {
    const wrong = [
      ['a', 'x'],
      ['a:eth1', 'b:eth9'],
      ['a', 'b', '--vlan', '4095'],
      ['a', 'b', '--frame', 'llpd'],
    ];
    for (const args of wrong)
      expect([args, (await cli(['trace', ...args])).exitCode]).toEqual([args, 2]);
    expect((await cli(['trace', 'a', 'x'])).stderr).toContain('No lab that is up has `x`');
  });
});
