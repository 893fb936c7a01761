import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/verify/judge/verdict.js';
import { cli, scratchFolder, topologyFile, verify } from '../support/cli.js';

/** Packet filters that really drop: those of the file, those that came later, and those to which br_netfilter leads. */

const folder = scratchFolder();

const up = async (name: string, text: string): Promise<void> => {
  const file = await topologyFile(folder, `${name}.yaml`, text);
  const { exitCode, stderr } = await cli(['up', file]);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
};

/** Run nft in a stack of a lab. */
const nft = async (stack: string, ...text: readonly string[]): Promise<string> => {
  const { stdout, stderr, exitCode } = await cli(['exec', stack, '--', 'nft', ...text]);
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout;
};

/** A table of one chain, in the place of the one before. */
const chain = (stack: string, family: string, hook: string, ...rules: readonly string[]) =>
  nft(
    stack,
    `add table ${family} t; delete table ${family} t; table ${family} t { chain c { type filter hook ${hook} priority 0; ${rules.join('; ')} ; } ; }`,
  );

const blamed = ({ verdicts }: { readonly verdicts: readonly Verdict[] }) =>
  verdicts.map(({ outcome, blame }) =>
    blame ? `${outcome}: ${blame.leg} at ${blame.at}: ${blame.reason}` : outcome,
  );

describe('a bridge behind br_netfilter', () => {
  beforeAll(() =>
    up(
      'filtered-bridge',
      `name: filtered-bridge
nodes:
  hyp:
    kind: netns
    namespaces: [x1, x2]
    devices:
      - { kind: veth, name: p1, peer: x1:eth1 }
      - { kind: veth, name: p2, peer: x2:eth1 }
      - { kind: bridge, name: br0, members: [p1, p2] }
    addresses: { x1:eth1: ['fd00:2::1/64', 10.3.0.1/24], x2:eth1: ['fd00:2::2/64', 10.3.0.2/24] }
    sysctls: { net.bridge.bridge-nf-call-ip6tables: 1, net.bridge.bridge-nf-call-iptables: 1 }
verify:
  - { probe: icmp, family: 6, from: hyp/x1, to: hyp/x2 }
  - { probe: icmp, from: hyp/x1, to: hyp/x2 }
`,
    ),
  );
  afterAll(() => cli(['down', 'filtered-bridge']));
  afterEach(() => nft('hyp', 'flush ruleset'));

  it('loses IPv6 to a chain of ip6, which is named, and no other', async () => {
    await chain('hyp', 'arp', 'input', 'policy drop');
    await chain('hyp', 'ip', 'input', 'policy drop');
    await chain('hyp', 'bridge', 'input', 'policy drop');
    await chain('hyp', 'ip6', 'forward', 'policy drop');
    expect(blamed(await verify('filtered-bridge'))).toEqual([
      expect.stringMatching(
        /^fail: neighbor solicitation at hyp:br0: br_netfilter leads bridged IPv6 packets .*bridge-nf-call-ip6tables is 1.*`policy drop` \(table ip6 t, chain c, hook forward\)/,
      ),
      'pass',
    ]);
  });

  it('loses IPv4 to a rule of ip that names the bridge, and not to one that names a port', async () => {
    await chain('hyp', 'inet', 'forward', 'iifname "p1" ip saddr 10.3.0.1 drop');
    await chain('hyp', 'ip', 'forward', 'iifname "br0" icmp type echo-request drop');
    expect(blamed(await verify('filtered-bridge'))).toEqual([
      'pass',
      expect.stringMatching(
        /^fail: echo request at hyp:br0: br_netfilter .*`iifname "br0" icmp type echo-request drop` \(table ip t,/,
      ),
    ]);
  });

  it('loses nothing to IP filters with br_netfilter off', async () => {
    await chain('hyp', 'ip', 'forward', 'policy drop');
    await chain('hyp', 'bridge', 'forward', 'ip saddr 10.3.0.2 drop');
    const off = (value: number) =>
      cli(['exec', 'hyp', '--', 'sysctl', '-qw', `net.bridge.bridge-nf-call-iptables=${value}`]);
    await off(0);
    try {
      expect(blamed(await verify('filtered-bridge'))).toEqual([
        'pass',
        expect.stringMatching(
          /^fail: echo reply at hyp:br0: nftables .*ip saddr 10\.3\.0\.2 drop` \(table bridge t/,
        ),
      ]);
    } finally {
      await off(1);
    }
  });
});

describe('a router with a filter of its own', () => {
  const LAB = `name: filtered-router
nodes:
  a: { kind: netns, addresses: { eth1: 10.1.0.2/24 }, routes: [{ to: default, via: 10.1.0.1 }] }
  r:
    kind: netns
    addresses: { eth1: 10.1.0.1/24, eth2: 10.2.0.1/24 }
    sysctls: { net.ipv4.ip_forward: 1 }
    nft:
      r: |
        table inet own {
          chain forward { type filter hook forward priority filter; oifname "eth1" icmp type echo-request drop; }
        }
  b:
    kind: netns
    namespaces: [c]
    devices: [{ kind: veth, name: toc, peer: 'c:eth0' }]
    addresses: { eth1: 10.2.0.2/24, toc: 10.9.0.1/24, 'c:eth0': 10.9.0.2/24 }
    routes: [{ to: default, via: 10.2.0.1 }]
    nft: { c: "table ip quiet { chain in { type filter hook input priority filter; icmp type echo-request drop; }; }" }
links:
  - { kind: veth, ends: [a:eth1, r:eth1] }
  - { kind: veth, ends: [r:eth2, b:eth1] }
verify:
  - { probe: icmp, from: a, to: b:eth1 }
  - { probe: icmp, from: b:eth1, to: a, expect: blocked, at: r stack }
  - { probe: icmp, from: b:toc, to: b/c, expect: blocked }
`;
  beforeAll(() => up('filtered-router', LAB));
  afterAll(() => cli(['down', 'filtered-router']));

  it('loses what the file lets it drop, as the model says from the file', async () => {
    const { verdicts } = await verify('filtered-router');
    expect(verdicts.map(({ outcome, message }) => [outcome, message])).toEqual([
      ['pass', 'It arrived.'],
      ['pass', expect.stringMatching(/died at r stack/)],
      ['pass', expect.stringMatching(/died at b\/c stack/)],
    ]);
    expect(verdicts[1]?.blame).toMatchObject({
      reason: expect.stringContaining('(table inet own, chain forward, hook forward)') as string,
      remedy: 'Change `nft:` of r in the file.',
    });
    expect(verdicts.map(({ surprise, predicted: { leg } }) => [surprise, leg])).toEqual([
      [null, null],
      [null, 'echo request after r'],
      [null, 'echo reply'],
    ]);
  });

  it('is blamed for the echo that it does not hand on, though it is an ARP request that was never sent', async () => {
    await chain('r', 'ip', 'input', 'policy drop');
    await chain('r', 'arp', 'input', 'arp operation reply arp saddr ip 192.0.2.1 drop');
    await chain('r', 'ip6', 'forward', 'policy drop');
    await nft(
      'r',
      'add rule inet own forward iifname "eth1" oifname "eth2" ip daddr 10.2.0.0/24 reject',
    );
    await cli(['exec', 'r', '--', 'ip', 'neigh', 'flush', 'dev', 'eth2']);
    const { verdicts } = await verify('filtered-router');
    const [first] = blamed({ verdicts });
    expect(verdicts[0]?.blame?.predicted).toBe(false);
    expect(verdicts[0]?.surprise).toContain('The lab is not as its file says');
    expect(first).toMatch(
      /^fail: (ARP request after r|echo request after r) at r stack: nftables drops it in r by a rule: `.*ip daddr 10\.2\.0\.0\/24 reject/,
    );
  });

  it('goes with its rules', async () => {
    expect((await cli(['down', 'filtered-router'])).exitCode).toBe(0);
    const bare = LAB.replace(/^ {4}nft:\n(?: {6}.*\n)+/m, '').replace(/^ {4}nft: .*\n/m, '');
    await up('filtered-router', bare);
    expect(await nft('r', 'list', 'ruleset')).toBe('');
  });
});
