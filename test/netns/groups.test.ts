import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/verify/judge/verdict.js';
import { cli, scratchFolder, topologyFile, verify } from '../support/cli.js';

/** Groups that programs join, and bridges that look who has joined what: with a querier and without, by IGMP and MLD. */

const PAIR = (number: number): string =>
  `eth${number}: [10.${number}.0.X/24, "fd00:${number}::X/64"]`;
const node = (host: number): string =>
  `{ kind: netns, addresses: { ${[1, 2, 3, 4, 5, 6].map(PAIR).join(', ').replaceAll('X', String(host))} } }`;

const LAB = `name: groups
nodes:
  a: ${node(1)}
  b: ${node(2)}
  # The second bridge hears the querier of the first one, which hands groups to a port that it floods none to.
  s:
    kind: netns
    devices:
      - { kind: bridge, name: br1, members: [eth5, { port: u1, mcast_flood: false }], snooping: true, querier: true }
      - { kind: veth, name: u1, peer: u2 }
      - { kind: bridge, name: br2, members: [u2, eth6], snooping: true }
      - { kind: bridge, name: br3, members: [eth7, { port: u3, mcast_flood: false }] }
      - { kind: veth, name: u3, peer: u4 }
      - { kind: bridge, name: br4, members: [u4, eth8], snooping: true, querier: true }
links:
  - { kind: bridge, name: plain, snooping: true, ends: [a:eth1, b:eth1] }
  - { kind: bridge, name: asks, snooping: true, querier: true, ends: [a:eth2, { port: b:eth2, mcast_flood: false }] }
  - { kind: bridge, name: mute, snooping: true, ends: [a:eth3, { port: b:eth3, mcast_flood: false }] }
  - { kind: bridge, name: deaf, ends: [a:eth4, b:eth4] }
  - { kind: veth, ends: [a:eth5, s:eth5] }
  - { kind: veth, ends: [b:eth5, s:eth6] }
  - { kind: veth, ends: [a:eth6, s:eth7] }
  - { kind: veth, ends: [b:eth6, s:eth8] }
verify:
  - { probe: igmp, from: a:eth1, to: b:eth1 }
  - { probe: igmp, from: a:eth2, to: b:eth2 }
  - { probe: igmp, from: a:eth3, to: b:eth3, expect: blocked, at: mute bridge }
  - { probe: igmp, from: a:eth4, to: b:eth4, group: 239.1.2.3, port: 5004 }
  - { probe: igmp, from: a:eth5, to: b:eth5 }
  - { probe: igmp, from: b:eth5, to: a:eth5 }
  - { probe: igmp, from: a:eth6, to: b:eth6, expect: blocked, at: "s:br3" }
  - { probe: igmp, from: b:eth6, to: a:eth6, expect: blocked, at: "s:br3" }
  - { probe: mld, from: a:eth1, to: b:eth1 }
  - { probe: mld, from: a:eth2, to: b:eth2, expect: blocked, at: asks bridge }
  - { probe: mld, from: a:eth3, to: b:eth3, expect: blocked, at: mute bridge }
  - { probe: mld, from: b:eth5, to: a:eth5, group: "ff02::1:9" }
  # Nobody has joined a group that is sent to without a join.
  - { probe: frame, class: mdns, from: a:eth2, to: b:eth2, expect: blocked, at: asks bridge }
`;

const folder = scratchFolder();
beforeAll(async () => {
  const file = await topologyFile(folder, 'groups.yaml', LAB);
  expect((await cli(['up', file])).exitCode).toBe(0);
});
afterAll(() => cli(['down', 'groups']));

const told = ({ outcome, blame }: Verdict): string =>
  blame ? `${outcome}: ${blame.leg} at ${blame.at}: ${blame.reason}` : outcome;
const blamed = async () => (await verify('groups')).verdicts.map(told);
const like = (text: RegExp): string => expect.stringMatching(text) as string;
const run = async (stack: string, ...argv: readonly string[]) =>
  expect(await cli(['exec', stack, '--', ...argv])).toMatchObject({ exitCode: 0 });

const NOT_FLOODED = /a port of the bridge, is not given groups: `mcast_flood: false`/;
const lost = (leg: string, at: string, why: RegExp): string =>
  like(new RegExp(`^pass: ${leg} at ${at}: .*${why.source}`));
const AS_FILED = [
  'pass',
  'pass',
  lost('datagram', 'mute bridge', NOT_FLOODED),
  ...['pass', 'pass', 'pass'],
  lost('datagram', 's:br3', NOT_FLOODED),
  lost('IGMP report', 's:br3', NOT_FLOODED),
  'pass',
  lost('datagram', 'asks bridge', NOT_FLOODED),
  lost('datagram', 'mute bridge', NOT_FLOODED),
  'pass',
  lost('mDNS question', 'asks bridge', NOT_FLOODED),
];

describe('groups that programs join', () => {
  it('reach them, flooded or handed to them alone, as the model says', async () => {
    const { exitCode, verdicts } = await verify('groups');
    expect([exitCode, verdicts.map(told)]).toEqual([0, AS_FILED]);
    expect(verdicts.flatMap(({ surprise }) => surprise ?? [])).toEqual([]);
  });

  it('need their report where somebody asks, and nowhere else', async () => {
    await run(
      'b',
      'nft',
      'table ip t { chain c { type filter hook output priority 0; ip protocol igmp drop; }; }',
    );
    const why = /nftables drops it in b by a rule: `ip protocol igmp drop/;
    const verdicts = await blamed();
    // Without a querier the report changes nothing; a is not concerned.
    expect(verdicts).toEqual(
      AS_FILED.map((text, at) =>
        at === 6
          ? like(/^fail: IGMP report at b/)
          : [1, 4].includes(at)
            ? like(new RegExp(`^fail: IGMP report at b.*${why.source}`))
            : text,
      ),
    );
    await run('b', 'nft', 'flush', 'ruleset');
  });

  it('are lost at a port that somebody has set to flood none, which is told', async () => {
    await run(
      's',
      'ip',
      'link',
      'set',
      'dev',
      'eth6',
      'type',
      'bridge_slave',
      'mcast_flood',
      'off',
    );
    await run('s', 'ip', 'link', 'set', 'dev', 'br2', 'type', 'bridge', 'mcast_snooping', '0');
    const { 4: there, 5: back } = await blamed();
    expect([there, back]).toEqual([
      like(/^fail: datagram at s:br2: s:br2 has changed: .*is not given groups/),
      'pass',
    ]);
  });
});
