import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/verify/judge/verdict.js';
import { cli, scratchFolder, topologyFile, verify } from '../support/cli.js';

/** Leases between real programs: what drops them, and that nothing is left of them. */

const LAB = `name: leases
nodes:
  a: { kind: netns }
  b: { kind: netns, addresses: { eth1: 10.1.0.1/24, eth2: 10.2.0.1/29 } }
  c: { kind: netns }
links:
  - { kind: bridge, name: lan, ends: [a:eth1, b:eth1, { port: c:eth1, bcast_flood: false }] }
  - { kind: veth, ends: [a:eth2, b:eth2] }
verify:
  - { probe: dhcp, from: a:eth1, to: b:eth1 }
  - { probe: dhcp, from: a:eth1, to: b:eth1, broadcast: true, client_id: mac }
  - { probe: dhcp, from: c:eth1, to: b:eth1 }
  # Another server of the same stack.
  - { probe: dhcp, from: a:eth2, to: b:eth2 }
  - { probe: dhcp, from: c:eth1, to: b:eth1, broadcast: true, expect: blocked, at: lan bridge }
`;

const folder = scratchFolder();
beforeAll(async () => {
  const file = await topologyFile(folder, 'leases.yaml', LAB);
  expect((await cli(['up', file])).exitCode).toBe(0);
});
afterAll(() => cli(['down', 'leases']));

const run = async (stack: string, ...argv: readonly string[]) => {
  const result = await cli(['exec', stack, '--', ...argv]);
  expect(result.exitCode).toBe(0);
  return result.stdout;
};
const told = ({ outcome, blame }: Verdict): string =>
  blame ? `${outcome}: ${blame.leg} at ${blame.at}: ${blame.reason}` : outcome;
const like = (text: RegExp): string => expect.stringMatching(text) as string;

describe('DHCP', () => {
  it('leases an address by unicast or broadcast, as the model says, and nobody takes it', async () => {
    const { exitCode, verdicts, findings } = await verify('leases');
    const blocked = like(/^pass: OFFER at lan bridge: c:eth1 veth, .* is not given broadcasts/);
    expect([exitCode, verdicts.map(told)]).toEqual([0, ['pass', 'pass', 'pass', 'pass', blocked]]);
    expect([verdicts.flatMap(({ surprise }) => surprise ?? []), findings]).toEqual([[], []]);
    expect(await run('a', 'ip', '-4', 'address', 'show', 'dev', 'eth1')).toBe('');
    expect(await run('b', 'ss', '-Hlun')).toBe('');
  });

  it('is lost to a rule that takes the answer, and to none that takes other datagrams', async () => {
    const rules = [
      'udp sport 68 drop',
      'udp dport 67 drop',
      'udp sport 67 ip daddr != 255.255.255.255 drop',
    ];
    await run(
      'b',
      'nft',
      `table ip t { chain c { type filter hook output priority 0; ${rules.join('; ')}; }; }`,
    );
    const lost = like(
      /^fail: OFFER at b.*: nftables drops it in b by a rule: `udp sport 67 ip daddr/,
    );
    const { verdicts } = await verify('leases');
    expect(verdicts.map(told).slice(0, 4)).toEqual([lost, 'pass', lost, lost]);
  });
});
