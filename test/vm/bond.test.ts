import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  status,
  topologyFile,
  verify,
} from '../support/cli.js';

/** LACP as the bonding driver speaks it, between two guests: it finds its partner where patchlab says that LACP arrives. */

const LAB = `name: bond
nodes:
  a: { kind: vm }
  b: { kind: vm }
links:
  - { kind: ovs-panel, carries: [lacp], patches: [[a:eth1, b:eth1]] }
  - { kind: udp, carries: [lacp], ends: [a:eth2, b:eth2] }
  - { kind: macvtap, mode: passthru, allmulticast: true, carries: [lacp], ends: [a:eth3, b:eth3] }
  - { kind: bridge, ends: [a:eth4, b:eth4] }
verify:
${[1, 2, 3, 4]
  .flatMap((number) => [
    `from: a:eth${number}, to: b:eth${number}`,
    `from: b:eth${number}, to: a:eth${number}`,
  ])
  .map((ends) => `  - { probe: frame, class: lacp, ${ends} }\n`)
  .join('')}`;

/**
 * Bonds of both kinds: over two cables, and over one. The driver, when it is loaded, makes a `bond0` of its own. LACP
 * runs on full duplex only, and a virtual NIC does not know its duplex until somebody says it.
 */
const MAKE_BONDS = `set -e
bond() {
  ip link add "$1" type bond mode 802.3ad lacp_rate fast
  bond=$1
  shift
  for port; do
    ethtool -s "$port" speed 1000 duplex full
    ip link set "$port" down
    ip link set "$port" master "$bond"
  done
  ip link set "$bond" up
}
bond two eth1 eth2
bond one eth3
bond none eth4`;

const linksShape = z.array(
  z.object({
    ifname: z.string(),
    master: z.string().optional(),
    linkinfo: z
      .object({
        info_data: z
          .object({
            ad_info: z
              .object({ aggregator: z.int(), num_ports: z.int(), partner_mac: z.string() })
              .optional(),
          })
          .optional(),
        info_slave_data: z
          .object({
            ad_aggregator_id: z.int(),
            ad_actor_oper_port_state_str: z.array(z.string()),
          })
          .optional(),
      })
      .optional(),
  }),
);

/** What the driver says of each enslaved port of a guest. */
async function portsOf(node: string) {
  const { stdout } = await cli(['exec', node, '--', 'ip', '-j', '-d', 'link']);
  const links = linksShape.parse(JSON.parse(stdout));
  return links.flatMap(({ ifname, master, linkinfo }) => {
    const slave = linkinfo?.info_slave_data;
    const bond = links.find((link) => link.ifname === master)?.linkinfo?.info_data?.ad_info;
    if (!slave || !bond) return [];
    const state = slave.ad_actor_oper_port_state_str;
    return {
      port: ifname,
      partner: bond.partner_mac,
      bundled: bond.aggregator === slave.ad_aggregator_id ? bond.num_ports : 0,
      // `defaulted`: LACP has given up waiting for a partner (IEEE 802.1AX, receive machine).
      state: ['distributing', 'expired', 'defaulted'].filter((word) => state.includes(word)),
    };
  });
}

const folder = scratchFolder();
let before: string;
let verdicts: Awaited<ReturnType<typeof verify>>['verdicts'];

beforeAll(async () => {
  before = await hostSnapshot();
  const file = await topologyFile(folder, 'bond.yaml', LAB);
  expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
  // Before the bonds: nobody but the probe speaks LACP.
  ({ verdicts } = await verify('bond'));
  for (const node of ['a', 'b'])
    expect(await cli(['exec', node, '--', 'sh', '-c', MAKE_BONDS])).toMatchObject({ exitCode: 0 });
});

afterAll(() => cli(['down', 'bond']));

describe('a bond in mode 802.3ad', () => {
  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('of %s finds %s exactly where the verdict has LACP arrive', async (here, there) => {
    const { nodes } = await status('bond');
    const partner = nodes.find(({ name }) => name === there)?.ports ?? [];
    const mac = (port: string) => partner.find(({ name }) => name === port)?.mac;
    await expect
      .poll(() => portsOf(here), { timeout: 180_000, interval: 500 })
      .toEqual([
        { port: 'eth1', partner: mac('eth1'), bundled: 2, state: ['distributing'] },
        { port: 'eth2', partner: mac('eth1'), bundled: 2, state: ['distributing'] },
        { port: 'eth3', partner: mac('eth3'), bundled: 1, state: ['distributing'] },
        { port: 'eth4', partner: '00:00:00:00:00:00', bundled: 1, state: ['defaulted'] },
      ]);

    const told = verdicts.filter(({ to }) => to.startsWith(`${here}:`));
    expect(told.map(({ to, outcome }) => [to, outcome])).toEqual([
      [`${here}:eth1`, 'pass'],
      [`${here}:eth2`, 'pass'],
      [`${here}:eth3`, 'pass'],
      [`${here}:eth4`, 'fail'],
    ]);
    expect(told.at(-1)?.blame).toMatchObject({ at: 'a:eth4-b:eth4 bridge', predicted: true });
  });

  it('gives its MAC to its ports, which are in order all the same', async () => {
    const { result } = await cliJson('verify', 'bond');
    expect(result.findings.filter(({ kind }) => kind === 'port-mac')).toEqual([]);
  });

  it('leaves nothing behind', async () => {
    expect(await cli(['down', 'bond'])).toMatchObject({ exitCode: 0 });
    await expectHostAsBefore(before);
  });
});

describe('`carries: [lacp]`', () => {
  it('is refused on the cable without a partner, and taken on the others', async () => {
    const good = await topologyFile(folder, 'carried.yaml', LAB);
    expect(await cli(['predict', good])).toMatchObject({ exitCode: 0 });
    const text = LAB.replace('kind: bridge,', 'kind: bridge, carries: [lacp],');
    const bad = await topologyFile(folder, 'not-carried.yaml', text);
    expect(await cli(['predict', bad])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(
        'a:eth4-b:eth4, a bridge link, does not carry lacp',
      ) as string,
    });
  });
});
