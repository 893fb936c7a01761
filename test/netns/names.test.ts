import { execa } from 'execa';
import { afterEach, expect, it } from 'vitest';
import { withHosts } from '../../src/apply/session.js';
import { verifyLab } from '../../src/verify/verify.js';
import { parseTopology } from '../../src/topology/parse.js';
import { parseYaml } from '../../src/topology/source.js';
import { TopologyError } from '../../src/topology/topology-error.js';
import { down, upFile } from '../bench/patchlab.js';
import { scratchFolder, topologyFile } from '../support/cli.js';

/** Healthy labs whose names, MACs and addresses could be taken for others: nothing is wrong with them. */

const LABS = {
  'a node that is called like the machine': `
nodes:
  host: { kind: netns, addresses: { eth1: 203.0.113.1/24 } }
  local: { kind: netns, addresses: { eth1: 203.0.113.2/24 } }
links:
  - { kind: veth, ends: [host:eth1, local:eth1] }`,
  'devices that are called like words of ip(8)': `
nodes:
  a:
    kind: netns
    namespaces: [c1]
    devices:
      - { kind: veth, name: type, peer: c1:help }
      - { kind: bridge, name: dev, members: [up, type], group_fwd_mask: 0x4000 }
    addresses: { c1:help: 10.0.0.1/24 }
  b: { kind: netns, addresses: { mtu: 10.0.0.2/24 } }
links:
  - { kind: veth, ends: [a:up, b:mtu] }
verify:
  - { probe: icmp, from: a/c1, to: b }
  - { probe: lldp, from: b:mtu, to: a/c1:help }`,
  'two tenants with the same addresses': `
nodes:
  red1: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  red2: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
  blue1: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }
  blue2: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { name: red, kind: bridge, group_fwd_mask: 0x4000, ends: [red1:eth1, red2:eth1] }
  - { name: blue, kind: bridge, group_fwd_mask: 0x4000, ends: [blue1:eth1, blue2:eth1] }`,
  'one MAC on two cables': `
nodes:
  a1: { kind: netns, ports: { eth1: { mac: '02:00:5e:00:53:01' } }, addresses: { eth1: 203.0.113.1/25 } }
  a2: { kind: netns, addresses: { eth1: 203.0.113.2/25 } }
  b1: { kind: netns, ports: { eth1: { mac: '02:00:5e:00:53:01' } }, addresses: { eth1: 198.51.100.1/24 } }
  b2: { kind: netns, addresses: { eth1: 198.51.100.2/24 } }
links:
  - { kind: veth, ends: [a1:eth1, a2:eth1] }
  - { kind: veth, ends: [b1:eth1, b2:eth1] }`,
  'an address that two of a segment are meant to have': `
nodes:
  s1: { kind: netns, addresses: { eth1: [{ address: 10.0.0.100/24, duplicate: true }, 10.0.0.1/24] } }
  s2: { kind: netns, addresses: { eth1: [{ address: 10.0.0.100/24, duplicate: true }, 10.0.0.2/24] } }
  c: { kind: netns, addresses: { eth1: 10.0.0.3/24 } }
links:
  - { kind: bridge, group_fwd_mask: 0x4000, ends: [s1:eth1, s2:eth1, c:eth1] }`,
};

const NAME = 'names';
const folder = scratchFolder();
afterEach(() => down(NAME));

it.each(Object.entries(LABS))('%s', async (_, text) => {
  const file = await topologyFile(folder, 'lab.yaml', `name: ${NAME}${text}\n`);
  const { lab, wiring, plan } = await upFile(file, new AbortController().signal);
  const { verdicts, findings } = await withHosts(plan, (hosts) =>
    verifyLab(lab, wiring, hosts, {}),
  );
  expect(verdicts.length).toBeGreaterThan(1);
  const wrong = verdicts.filter(({ outcome, surprise }) => outcome !== 'pass' || surprise);
  expect(wrong.map(({ message, surprise }) => [message, surprise])).toEqual([]);
  expect(findings).toEqual([]);
});

const ROUTES = [
  ['default via 10.9.0.1', '{ to: default, via: 10.9.0.1 }'],
  ['10.1.0.0/16 via 10.0.0.1', '{ to: 10.1.0.0/16, via: 10.0.0.1 }'],
  ['fd04::/64 via fd00::1', '{ to: "fd04::/64", via: "fd00::1" }'],
  ['10.2.0.0/16 via 10.0.0.2', '{ to: 10.2.0.0/16, via: 10.0.0.2 }'],
  ['10.8.0.1 dev eth1', '{ to: 10.8.0.1/32, dev: eth1 }'],
  ['10.3.0.0/16 via 10.8.0.1', '{ to: 10.3.0.0/16, via: 10.8.0.1 }'],
  ['10.4.0.0/16 via 10.2.0.1', '{ to: 10.4.0.0/16, via: 10.2.0.1 }'],
  ['10.5.0.0/16 via 10.0.0.9 dev eth2', '{ to: 10.5.0.0/16, via: 10.0.0.9, dev: eth2 }'],
  ['10.6.0.0/16 via 10.7.0.9 dev eth2', '{ to: 10.6.0.0/16, via: 10.7.0.9, dev: eth2 }'],
  ['fd01::/64 via fe80::1 dev eth1', '{ to: "fd01::/64", via: "fe80::1", dev: eth1 }'],
  ['fd02::/64 via fd00::9', '{ to: "fd02::/64", via: "fd00::9" }'],
  ['fd03::/64 via fd09::9', '{ to: "fd03::/64", via: "fd09::9" }'],
  ['10.2.0.0/16 via 10.0.0.3', '{ to: 10.2.0.0/16, via: 10.0.0.3 }'],
  ['10.2.0.0/16 via 10.0.0.3 metric 9', '{ to: 10.2.0.0/16, via: 10.0.0.3, metric: 9 }'],
  ['10.2.0.0/16 via 10.0.0.3 table 9', '{ to: 10.2.0.0/16, via: 10.0.0.3, table: 9 }'],
  ['unreachable 10.2.0.0/16 metric 9', '{ to: 10.2.0.0/16, type: unreachable, metric: 9 }'],
  ['10.0.0.0/24 dev eth2', '{ to: 10.0.0.0/24, dev: eth2 }'],
  ['fd00::/64 dev eth2', '{ to: "fd00::/64", dev: eth2 }'],
  ['fd00::/64 dev eth1 metric 256', '{ to: "fd00::/64", dev: eth1, metric: 256 }'],
  ['10.11.0.1/16 dev eth1', '{ to: 10.11.0.1/16, dev: eth1 }'],
  ['fd0b::1/64 dev eth1', '{ to: "fd0b::1/64", dev: eth1 }'],
  ['10.12.0.0/16 dev eth1 src 10.7.0.1', '{ to: 10.12.0.0/16, dev: eth1, src: 10.7.0.1 }'],
  ['10.13.0.0/16 dev eth1 src 10.7.0.9', '{ to: 10.13.0.0/16, dev: eth1, src: 10.7.0.9 }'],
  ['blackhole 10.14.0.0/16', '{ to: 10.14.0.0/16, type: blackhole }'],
  ['blackhole 10.15.0.0/16 dev eth1', '{ to: 10.15.0.0/16, type: blackhole, dev: eth1 }'],
  ['10.16.0.1 dev eth2 table 9', '{ to: 10.16.0.1/32, dev: eth2, table: 9 }'],
  ['10.17.0.0/16 via 10.16.0.1 table 9', '{ to: 10.17.0.0/16, via: 10.16.0.1, table: 9 }'],
  ['10.17.0.0/16 via 10.16.0.1', '{ to: 10.17.0.0/16, via: 10.16.0.1 }'],
  ['unreachable fd00::8/128', '{ to: "fd00::8/128", type: unreachable }'],
  ['fd0c::/64 via fd00::8', '{ to: "fd0c::/64", via: "fd00::8" }'],
  ['fd0c::/64 via fd00::8 dev eth1', '{ to: "fd0c::/64", via: "fd00::8", dev: eth1 }'],
  ['unreachable 10.0.0.8/32', '{ to: 10.0.0.8/32, type: unreachable }'],
  ['10.18.0.0/16 via 10.0.0.8', '{ to: 10.18.0.0/16, via: 10.0.0.8 }'],
] as const;

it('a route is refused in the file where the kernel refuses it', async () => {
  const netns = `pn${process.pid}`;
  const ip = async (...args: readonly string[]) =>
    (await execa('ip', ['-n', netns, ...args], { reject: false })).exitCode === 0;
  await execa('ip', ['netns', 'add', netns]);
  try {
    await ip('link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'eth2');
    for (const address of ['10.0.0.1/24', 'fd00::1/64'])
      await ip('addr', 'add', address, 'dev', 'eth1', 'nodad');
    await ip('addr', 'add', '10.7.0.1/24', 'dev', 'eth2');
    for (const device of ['lo', 'eth1', 'eth2']) await ip('link', 'set', 'dev', device, 'up');
    const kernel: boolean[] = [];
    for (const [words] of ROUTES) kernel.push(await ip('route', 'add', ...words.split(' ')));
    expect(kernel).toContain(false);
    const refused = refusedIn(
      [
        'name: lab',
        'nodes:',
        '  a:',
        '    kind: netns',
        '    addresses: { eth1: [10.0.0.1/24, "fd00::1/64"], eth2: 10.7.0.1/24 }',
        '    routes:',
        ...ROUTES.map(([, written]) => `      - ${written}`),
        '  b: { kind: netns }',
        'links:',
        '  - { kind: veth, ends: [a:eth1, b:eth1] }',
        '  - { kind: veth, ends: [a:eth2, b:eth2] }',
      ].join('\n'),
    );
    expect(ROUTES.map(([words], index) => [words, !refused.includes(index)])).toEqual(
      ROUTES.map(([words], index) => [words, kernel[index]]),
    );
  } finally {
    await execa('ip', ['netns', 'del', netns]);
  }
});

/** Indexes of the routes that are refused. */
function refusedIn(text: string): readonly unknown[] {
  try {
    parseTopology(parseYaml('lab.yaml', text));
    return [];
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    expect(error.problems.every(({ path }) => path[2] === 'routes')).toBe(true);
    return error.problems.map(({ path }) => path[3]);
  }
}
