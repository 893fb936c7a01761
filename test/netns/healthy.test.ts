import { afterAll, beforeAll, expect, it } from 'vitest';
import { withHosts } from '../../src/apply/session.js';
import { prepareChecks } from '../../src/probes/prepare.js';
import { verifyLab } from '../../src/verify/verify.js';
import { down, upFile, type Planned } from '../bench/patchlab.js';
import { scratchFolder, topologyFile } from '../support/cli.js';
import { isLong } from '../support/random.js';

/** No false alarm: a healthy lab is verified again and again, and nothing is ever found wrong with it. */

/** What is lost takes its deadline, so only each fifth run has the checks that are to be blocked. */
const RUNS = isLong ? 50 : 15;

const NODES = ['a', 'b'];
const PORTS = ['eth1', 'eth2', 'eth3', 'eth4', 'eth5', 'eth6'];
const ends = (port: number) => NODES.map((node) => `${node}:eth${port}`);
const both = (port: number) => [ends(port), ends(port).toReversed()];
/** A check in both directions of a cable. */
const checks = (port: number, more: object) =>
  both(port).map(([from, to]) => ({ ...more, from, to }));
const frames = (port: number, ...classes: readonly string[]) =>
  classes.map((name) => ({
    probe: 'frame',
    class: name,
    from: `a:eth${port}`,
    to: `b:eth${port}`,
  }));
const blocked = (at: string, list: readonly object[]) =>
  list.map((one) => ({ ...one, expect: 'blocked', at }));

const LAB = {
  name: 'healthy',
  nodes: Object.fromEntries(
    NODES.map((name, index) => [
      name,
      {
        kind: 'netns',
        addresses: Object.fromEntries(
          PORTS.map((port, net) => [port, `10.0.${net + 1}.${index + 1}/24`]),
        ),
      },
    ]),
  ),
  links: [
    { name: 'cable', kind: 'veth', ends: ends(1) },
    { name: 'hub', kind: 'bridge', group_fwd_mask: 0x4000, ends: ends(2) },
    { name: 'panel', kind: 'ovs-panel', patches: [ends(3)] },
    { name: 'switch', kind: 'ovs-switch', ends: ends(4) },
    { name: 'lower', kind: 'macvlan', mode: 'bridge', ends: ends(5) },
    { name: 'mirror', kind: 'redirect', ends: ends(6) },
  ],
  verify: [
    ...[1, 2, 3, 5, 6].flatMap((port) => checks(port, { probe: 'lldp' })),
    ...blocked('switch switch', checks(4, { probe: 'lldp' })),
    ...[1, 2, 3, 4, 5, 6].flatMap((port) => [
      ...checks(port, { probe: 'arp' }),
      ...checks(port, { probe: 'icmp' }),
    ]),
    ...frames(1, 'stp', 'pause', 'vlan-tagged', 'mtu'),
    ...blocked('a:eth1', frames(1, 'over-mtu')),
    ...frames(2, 'stp', 'mdns', 'unicast-foreign'),
    ...blocked('hub bridge', frames(2, 'lacp', 'pause')),
    ...frames(3, 'lacp', 'dot1x', 'cdp'),
    ...frames(4, 'igmp', 'unicast-own'),
    ...blocked('switch switch', frames(4, 'lacp', 'cdp')),
    ...frames(5, 'lacp', 'unicast-own'),
    ...frames(6, 'lacp', 'pause', 'nd-solicitation'),
  ],
};

const folder = scratchFolder();
let planned: Planned;

beforeAll(async () => {
  const file = await topologyFile(folder, 'lab.json', JSON.stringify(LAB));
  planned = await upFile(file, new AbortController().signal);
  expect(prepareChecks(planned.lab, planned.wiring.model).problems).toEqual([]);
});
afterAll(() => down(LAB.name));

it(`${RUNS} verifications of a healthy lab find nothing wrong`, { timeout: 900_000 }, async () => {
  const { lab, wiring, plan } = planned;
  for (let run = 1; run <= RUNS; run += 1) {
    const checks = lab.checks.filter(({ expect: wanted }) => wanted === 'pass' || run % 5 === 0);
    const { verdicts, findings } = await withHosts(plan, (hosts) =>
      // Sent once: a second time could make up for a frame that was missed.
      verifyLab({ ...lab, checks }, wiring, hosts, { attempts: 1 }),
    );
    const wrong = verdicts.filter(({ outcome, surprise }) => outcome !== 'pass' || surprise);
    expect(wrong, `run ${run}`).toEqual([]);
    expect(findings, `run ${run}`).toEqual([]);
    expect(verdicts).toHaveLength(checks.length);
  }
});
