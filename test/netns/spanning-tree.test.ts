import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { PortRole } from '../../src/hops/port-roles.js';
import type { Hop } from '../../src/hops/types.js';
import { wire } from '../../src/plan/wire.js';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import { FACTS, fileText, labOf } from '../support/lab-of.js';
import { isLong, randomFrom, seedFor } from '../support/random.js';
import { randomTrees } from '../support/random-trees.js';

/** Spanning trees as the kernel computes them, against those that the model computes from the file. */

const folder = scratchFolder();

const STATES: Readonly<Record<PortRole, string>> = {
  ...{ root: 'forwarding', designated: 'forwarding' },
  ...{ blocked: 'blocking', disabled: 'disabled' },
  // What the next BPDU sends back to listening may have begun to learn.
  ...{ guarded: 'disabled', held: 'listening' },
  // Nobody knows beforehand.
  raced: 'any',
};

interface Shown {
  readonly ifname: string;
  readonly linkinfo: {
    readonly info_data?: { readonly root_path_cost: number };
    readonly info_slave_data?: { readonly state: string };
  };
}

const show = async (netns: string, ...what: readonly string[]): Promise<readonly Shown[]> =>
  JSON.parse(
    (await execa('ip', ['-n', netns, '-d', '-j', 'link', 'show', ...what])).stdout,
  ) as readonly Shown[];

const isRaced = (roles: ReadonlyMap<string, PortRole>, ifname: string): boolean =>
  [...roles].some(([id, role]) => role === 'raced' && id.endsWith(` ${ifname}`));

/** Which of the labs that lie side by side a bridge is of. */
const labNameOf = (bridge: string): string => bridge.split('b')[0] ?? '';

/** MAC of the root as a bridge sees it. By sysfs: ip(8) of Debian 12 prints the bridge's own identifier for that of its root. */
async function rootOf(netns: string, bridge: string): Promise<string | undefined> {
  const file = `/sys/class/net/${bridge}/bridge/root_id`;
  const { stdout } = await execa('ip', ['netns', 'exec', netns, 'cat', file]);
  return stdout.split('.')[1]?.replaceAll(/..(?=.)/g, '$&:');
}

it(
  'twenty rings, meshes and doubled cables: every port is in the state that the model says',
  async () => {
    const trees = randomTrees(randomFrom(seedFor('spanning tree', 20261126)), isLong ? 100 : 20);
    const lab = labOf(trees);
    const { model } = wire(lab, FACTS);
    const bridges = [...model.tree.values()];
    // A race may decide on the root, too.
    const raced = new Set(bridges.flatMap(({ hop, races }) => (races ? [labNameOf(hop.id)] : [])));
    expect(raced.size).toBeLessThan(bridges.length / 10);
    const standing = (hop: Hop, root: string | undefined, cost: number | undefined) =>
      raced.has(labNameOf(hop.id)) ? { bridge: hop.id } : { bridge: hop.id, root, cost };
    const predicted = bridges.map(({ hop, root, cost, roles }) => ({
      ...standing(hop, root.settings.mac, cost),
      ports: [...roles]
        .map(([port, role]) => `${port.split(' ')[1] ?? ''} ${STATES[role]}`)
        .toSorted(),
    }));
    // The seed gives what is to be tried.
    const states = predicted.flatMap(({ ports }) => ports.map((port) => port.split(' ')[1]));
    expect(new Set(states)).toEqual(new Set(Object.values(STATES)));
    const roles = bridges.flatMap((bridge) => [...bridge.roles.values()]);
    expect(new Set(roles)).toEqual(new Set(Object.keys(STATES)));
    expect(lab.nodes.length - bridges.length).toBeGreaterThan(5);

    const file = await topologyFile(folder, 'trees.yaml', fileText(trees));
    const observed = () =>
      Promise.all(
        bridges.map(async ({ hop, roles }) => {
          const netns = hop.where.netns ?? '';
          const [root, [bridge], ports] = await Promise.all([
            rootOf(netns, hop.device),
            show(netns, 'dev', hop.device),
            show(netns, 'master', hop.device),
          ]);
          return {
            ...standing(hop, root, bridge?.linkinfo.info_data?.root_path_cost),
            ports: ports
              .map(({ ifname, linkinfo: { info_slave_data: port } }) => {
                const state = port?.state.replace('learning', 'listening') ?? '?';
                return `${ifname} ${isRaced(roles, ifname) ? STATES.raced : state}`;
              })
              .toSorted(),
          };
        }),
      );
    try {
      expect(await cli(['up', file])).toMatchObject({ exitCode: 0 });
      await expect.poll(observed, { timeout: 40_000, interval: 500 }).toEqual(predicted);
    } finally {
      await cli(['down', file]);
    }
  },
  isLong ? 300_000 : 60_000,
);
