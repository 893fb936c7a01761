import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/verify/judge/verdict.js';
import { cli, scratchFolder, topologyFile, verify } from '../support/cli.js';

/** UDP and TCP between real programs: what drops them, who does not listen, and checksums that nobody finishes. */

const LAB = `name: transport
nodes:
  a: { kind: netns, addresses: { eth1: 10.1.0.1/24, eth2: 10.2.0.1/24 } }
  b: { kind: netns, addresses: { eth1: 10.1.0.2/24, eth2: 10.2.0.2/24 } }
links:
  - { kind: veth, ends: [a:eth1, b:eth1] }
  - { kind: ovs-panel, patches: [[a:eth2, b:eth2]] }
verify:
  - { probe: tcp, port: 80, from: a:eth1, to: b:eth1 }
  - { probe: udp, port: 53, from: a:eth1, to: b:eth1 }
  - { probe: tcp, port: 80, from: a:eth2, to: b:eth2 }
  - { probe: udp, port: 53, from: a:eth2, to: b:eth2 }
`;

const folder = scratchFolder();
const run = async (stack: string, ...argv: readonly string[]) =>
  expect(await cli(['exec', stack, '--', ...argv])).toMatchObject({ exitCode: 0 });
const nft = (stack: string, text: string) => run(stack, 'nft', text);
const chain = (hook: string, rule: string) =>
  nft('b', `table inet t { chain ${hook} { type filter hook ${hook} priority 0; ${rule}; }; }`);

beforeAll(async () => {
  const file = await topologyFile(folder, 'transport.yaml', LAB);
  expect((await cli(['up', file])).exitCode).toBe(0);
});
afterAll(() => cli(['down', 'transport']));

const told = ({ outcome, blame }: Verdict): string =>
  blame ? `${outcome}: ${blame.leg} at ${blame.at}: ${blame.reason}` : outcome;
const blamed = async () => (await verify('transport')).verdicts.map(told);
const PASSES = ['pass', 'pass', 'pass', 'pass'];
const like = (text: string | RegExp): string => expect.stringMatching(text) as string;

describe('UDP and TCP', () => {
  it('arrive, with unfinished checksums on a veth, which do no harm there', async () => {
    const { exitCode, verdicts } = await verify('transport');
    expect([exitCode, verdicts.map(told)]).toEqual([0, PASSES]);
    expect(verdicts.map(({ leg, surprise }) => [leg, surprise])).toEqual([
      ['data sent back', null],
      ['answer', null],
      ['data sent back', null],
      ['answer', null],
    ]);
    const { stdout } = await cli(['exec', 'b', '--', 'ss', '-Hltun']);
    expect(stdout).toBe('');
  });

  it('are lost to a rule for their port, which is named, and to no rule for another', async () => {
    await chain(
      'input',
      'tcp dport 81 drop; udp dport 80 drop; tcp sport 1-1023 drop; tcp dport 80 iifname "eth1" drop',
    );
    await chain('output', 'udp sport 53 oifname "eth1" reject; tcp sport 53 drop');
    expect(await blamed()).toEqual([
      like(/^fail: SYN-ACK at b.*: nftables drops it in b by a rule: `.*tcp dport 80.*drop/),
      like(/^fail: answer at b.*: nftables drops it in b by a rule: `udp sport 53.*reject/),
      'pass',
      'pass',
    ]);
    await nft('b', 'flush ruleset');
  });

  it('are refused where a packet filter says so for the port, and that is the filter', async () => {
    await chain('input', 'iifname "eth1" tcp dport 80 reject with tcp reset');
    expect(await blamed()).toEqual([
      like(/^fail: SYN-ACK at b.*: nftables drops it in b by a rule: `.*reject with tcp reset/),
      ...PASSES.slice(1),
    ]);
    await nft('b', 'flush ruleset');
  });

  it('die where the checksum is left to a NIC that does not write it, and by nothing else alike', async () => {
    await run('a', 'ethtool', '-K', 'eth2', 'tx', 'on');
    // The same on a veth does no harm; there the source has no way back.
    await run('b', 'sysctl', '-qw', 'net.ipv4.conf.eth1.rp_filter=1');
    await run('b', 'ip', 'route', 'add', '10.1.0.1/32', 'dev', 'eth2');
    const [one, two, ...panel] = await blamed();
    const why =
      /at a:eth2: The (SYN|datagram) came to b:eth2 with an unfinished checksum: a:eth2 leaves it to its NIC/;
    expect(panel).toEqual([like(why), like(why)]);
    expect([one, two].filter((text) => text?.includes('checksum') !== false)).toEqual([]);
    expect([one, two].map((text) => text?.slice(0, 4))).toEqual(['fail', 'fail']);
    await run('b', 'ip', 'route', 'del', '10.1.0.1/32', 'dev', 'eth2');
    await run('a', 'ethtool', '-K', 'eth2', 'tx', 'off');
    expect(await blamed()).toEqual(PASSES);
  });

  it('are not called lost where nobody can listen', async () => {
    const busy = cli(['exec', 'b', '--', 'timeout', '20', 'socat', 'TCP4-LISTEN:80', 'PIPE']);
    await expect
      .poll(async () => (await cli(['exec', 'b', '--', 'ss', '-Hltn'])).stdout)
      .toContain(':80 ');
    const { verdicts } = await verify('transport');
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['error', 'pass', 'error', 'pass']);
    expect(verdicts[0]?.message).toMatch(/`socat` does not listen at port 80 of b: .*in use/);
    await cli(['exec', 'b', '--', 'sh', '-c', 'echo | socat -t 0 - TCP4:10.1.0.2:80']);
    await busy;
  });
});

describe('a lab that comes with patchlab', () => {
  it('has what its file says become of its ports', async () => {
    expect((await cli(['up', 'ports'])).exitCode).toBe(0);
    const { verdicts } = await verify('ports');
    await cli(['down', 'ports']);
    expect(
      verdicts.filter(({ outcome, surprise }) => outcome !== 'pass' || surprise !== null),
    ).toEqual([]);
    const refused = verdicts.filter(({ blame }) => blame?.reason?.startsWith('The port is closed'));
    expect(refused.map(({ probe }) => probe)).toEqual(['tcp', 'udp']);
  });
});
