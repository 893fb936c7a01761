import { describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  scratchFolder,
  topologyFile,
  restoresHost,
} from '../support/cli.js';

/** Labs that people reported, each as small as it can be: what is predicted, what is seen, and what is said of it. */

const folder = scratchFolder();
const before = restoresHost();

const ring = (stp: string) => `name: ring
nodes:
  s1: { kind: netns, devices: [{ kind: bridge, name: br0${stp}, members: [eth1, eth2, eth3] }] }
  s2: { kind: netns, devices: [{ kind: bridge, name: br0${stp}, members: [eth1, eth2] }] }
  s3: { kind: netns, devices: [{ kind: bridge, name: br0${stp}, members: [eth1, eth2, eth3] }] }
  h1: { kind: netns, addresses: { eth1: 203.0.113.1/24 } }
  h2: { kind: netns, addresses: { eth1: 203.0.113.2/24 } }
links:
  - { kind: veth, ends: [h1:eth1, s1:eth3] }
  - { kind: veth, ends: [h2:eth1, s3:eth3] }
  - { kind: veth, ends: [s1:eth1, s2:eth1] }
  - { kind: veth, ends: [s2:eth2, s3:eth1] }
  - { kind: veth, ends: [s3:eth2, s1:eth2] }
verify:
  - { probe: icmp, from: h1:eth1, to: h2:eth1 }
`;

/** Build a lab and verify it. */
async function verified(text: string) {
  const file = await topologyFile(folder, 'lab.yaml', text);
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
  const { result } = await cliJson('verify', file);
  if (!('verdicts' in result)) throw new Error('nothing was verified');
  return result;
}

describe('two devices of one stack in one subnet', () => {
  const lab = (sysctls = '') => `name: flux
nodes:
  master: { kind: netns, addresses: { eth1: 203.0.113.61/24, eth2: 203.0.113.66/24 }${sysctls} }
  client: { kind: netns, addresses: { eth1: 203.0.113.1/24 } }
links:
  - { kind: ovs-switch, ends: [master:eth1, master:eth2, client:eth1] }
verify:
  - { probe: arp, from: client:eth1, to: master:eth2 }
  - { probe: icmp, from: client:eth1, to: master:eth2 }
`;

  it('both answer for the address of one, which is no surprise and named', async () => {
    const { verdicts, findings } = await verified(lab());
    expect(verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual([
      ['pass', null],
      ['pass', null],
    ]);
    expect(findings).toMatchObject([
      { kind: 'arp-flux', severity: 'warning', where: ['master:eth1', 'master:eth2'] },
    ]);
    expect(findings[0]?.fix).toContain('arp_ignore');
  });

  it('one answers for its own address where arp_ignore says so', async () => {
    const { verdicts, findings } = await verified(
      lab(', sysctls: { net.ipv4.conf.all.arp_ignore: 1 }'),
    );
    expect(verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual([
      ['pass', null],
      ['pass', null],
    ]);
    expect(findings).toEqual([]);
  });
});

describe('three switches in a ring', () => {
  it('are refused without spanning tree, named, and nothing is touched', async () => {
    const file = await topologyFile(folder, 'ring.yaml', ring(''));
    const { exitCode, stderr } = await cli(['up', file]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /ring\.yaml:13:\d+: A broadcast goes round for ever: .*\[topology\/loop\]/,
    );
    for (const name of ['s1:br0', 's2:br0', 's3:br0', 's3:eth2']) expect(stderr).toContain(name);
    await expectHostAsBefore(before());
    const { result } = await cliJson('predict', file);
    expect(result).toMatchObject({
      warnings: [{ what: expect.stringContaining('goes round for ever') as string }],
    });
  });

  it('with spanning tree carry a ping by the way that is predicted, and no other', async () => {
    const { verdicts, findings } = await verified(ring(', stp: true'));
    expect(verdicts).toMatchObject([
      { outcome: 'pass', predicted: { outcome: 'pass' }, surprise: null },
    ]);
    expect(findings).toEqual([]);
  });
});

describe('an end that does not answer', () => {
  it('is explained by its strict rp_filter', async () => {
    const { verdicts } = await verified(`name: rp-filter
nodes:
  srv:
    kind: netns
    addresses: { eth1: 203.0.113.1/25, eth2: 198.51.100.1/24 }
    routes: [{ to: 198.51.100.9/32, via: 203.0.113.2 }]
    sysctls: { net.ipv4.conf.all.rp_filter: 1, net.ipv4.conf.eth2.rp_filter: 1, net.ipv4.conf.all.arp_ignore: 1 }
  far: { kind: netns, addresses: { eth1: 203.0.113.2/25, eth2: 198.51.100.9/24 } }
links:
  - { kind: veth, ends: [srv:eth1, far:eth1] }
  - { kind: veth, ends: [srv:eth2, far:eth2] }
verify:
  - { probe: icmp, from: far:eth2, to: srv:eth2 }
  - { probe: icmp, from: far:eth1, to: srv:eth1 }
`);
    expect(verdicts).toMatchObject([
      {
        outcome: 'fail',
        surprise: null,
        predicted: { outcome: 'blocked', at: 'srv stack' },
        blame: { at: 'srv stack', reason: expect.stringContaining('rp_filter is 1') as string },
      },
      { outcome: 'pass' },
    ]);
  });

  it('is explained by the route that takes its answer to another segment', async () => {
    const { verdicts } = await verified(`name: two-segments
nodes:
  mid: { kind: netns, addresses: { eth1: 203.0.113.1/24, eth2: 203.0.113.2/24 } }
  left: { kind: netns, addresses: { eth1: 203.0.113.11/24 } }
  right: { kind: netns, addresses: { eth1: 203.0.113.12/24 } }
links:
  - { kind: veth, ends: [mid:eth1, left:eth1] }
  - { kind: veth, ends: [mid:eth2, right:eth1] }
verify:
  - { probe: icmp, from: left:eth1, to: mid:eth1 }
  - { probe: icmp, from: right:eth1, to: mid:eth2 }
`);
    expect(verdicts).toMatchObject([
      { outcome: 'pass' },
      {
        outcome: 'fail',
        surprise: null,
        blame: {
          reason: expect.stringContaining('(203.0.113.0/24 dev eth1)') as string,
          remedy: expect.stringMatching(/more specific route.*203\.0\.113\.12\/32.*VRF/) as string,
        },
      },
    ]);
  });
});

describe('isolated ports with a router that answers for them', () => {
  it('reach each other over it, as predicted, and nobody calls that a duplicate address', async () => {
    const { verdicts, findings } = await verified(`name: proxy
nodes:
  vma: { kind: netns, addresses: { eth1: 203.0.113.11/24 } }
  vmb: { kind: netns, addresses: { eth1: 203.0.113.12/24 } }
  gw: { kind: netns, addresses: { eth1: 203.0.113.1/24 }, sysctls: { net.ipv4.conf.eth1.proxy_arp_pvlan: 1, net.ipv4.ip_forward: 1 } }
links:
  - { name: br1, kind: bridge, ends: [{ port: vma:eth1, isolated: true }, { port: vmb:eth1, isolated: true }, gw:eth1] }
verify:
  - { probe: icmp, from: vma:eth1, to: vmb:eth1 }
`);
    expect(verdicts).toMatchObject([
      { outcome: 'pass', surprise: null, predicted: { outcome: 'pass' } },
    ]);
    expect(findings).toEqual([]);
  });
});
