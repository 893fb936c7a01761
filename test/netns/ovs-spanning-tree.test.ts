import { execa } from 'execa';
import { expect, it } from 'vitest';
import { rulesOf } from '../../src/hops/kinds/index.js';
import type { PortRole, SpanningTree } from '../../src/hops/port-roles.js';
import { wire } from '../../src/plan/wire.js';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import { FACTS, fileText, labOf } from '../support/lab-of.js';
import { isLong, randomFrom, seedFor } from '../support/random.js';
import { randomOvsTrees } from '../support/random-ovs-trees.js';

/** Spanning trees of Open vSwitch, of the kernel, and of both together, against those that the model computes from the file. */

const folder = scratchFolder();

type BridgeInTree = SpanningTree extends ReadonlyMap<string, infer B> ? B : never;

/** A bridge as its own program shows it: each port that forwards, and each that does not. */
interface Told {
  readonly bridge: string;
  readonly cost: number;
  readonly ports: readonly string[];
}

const isForwarding = (role: PortRole): boolean => role === 'root' || role === 'designated';

const predicted = ({ hop, cost, roles }: BridgeInTree): Told => ({
  ...{ bridge: hop.id, cost },
  ports: [...roles]
    .map(
      ([id, role]) => `${id.split(' ')[1] ?? ''} ${isForwarding(role) ? 'forwards' : 'does not'}`,
    )
    .toSorted(),
});

interface Shown {
  readonly ifname: string;
  readonly linkinfo: {
    readonly info_data?: { readonly root_path_cost: number };
    readonly info_slave_data?: { readonly state: string };
  };
}

async function ofKernel({ hop }: BridgeInTree): Promise<Told> {
  const show = async (...what: readonly string[]) => {
    const netns = hop.where.netns ?? '';
    const { stdout } = await execa('ip', ['-n', netns, '-d', '-j', 'link', 'show', ...what]);
    return JSON.parse(stdout) as readonly Shown[];
  };
  const [[bridge], ports] = await Promise.all([
    show('dev', hop.device),
    show('master', hop.device),
  ]);
  return {
    ...{ bridge: hop.id, cost: bridge?.linkinfo.info_data?.root_path_cost ?? -1 },
    ports: ports
      .map(({ ifname, linkinfo }) => [ifname, linkinfo.info_slave_data?.state === 'forwarding'])
      .map(([name, forwards]) => `${name} ${forwards ? 'forwards' : 'does not'}`)
      .toSorted(),
  };
}

/** Characters of a device's name that `stp/show` prints. */
const WIDTH = 10;

async function ofOvs({ hop, roles }: BridgeInTree): Promise<Told> {
  const [program = '', ...args] = rulesOf(hop.kind).settling?.(hop, new Set())?.argv ?? [];
  const { stdout } = await execa(program, args);
  return {
    bridge: hop.id,
    cost: Number(/root-path-cost +(\d+)/.exec(stdout)?.[1] ?? 0),
    ports: [...roles.keys()]
      .map((id) => id.split(' ')[1] ?? '')
      .map((name) => {
        const isOn = new RegExp(`^ *${name.slice(0, WIDTH)} .*forwarding`, 'im').test(stdout);
        return `${name} ${isOn ? 'forwards' : 'does not'}`;
      })
      .toSorted(),
  };
}

it(
  'rings and meshes with Open vSwitch in them: every port is in the state that the model says',
  async () => {
    const random = randomFrom(seedFor('spanning tree of Open vSwitch', 20261126));
    const trees = randomOvsTrees(random, 'ovs-trees', isLong ? 60 : 12);
    const bridges = [...wire(labOf(trees), FACTS).model.tree.values()];
    const isOvs = ({ hop }: BridgeInTree): boolean => rulesOf(hop.kind).isOpenFlow === true;
    const model = bridges.map(predicted);
    // The seed gives what is to be tried.
    const blocked = bridges.filter(({ roles }) => [...roles.values()].includes('blocked'));
    expect(blocked.filter(isOvs).length).toBeGreaterThan(3);
    expect(bridges.filter((one) => !isOvs(one)).length).toBeGreaterThan(5);

    const file = await topologyFile(folder, 'ovs-trees.yaml', fileText(trees));
    const observed = () => Promise.all(bridges.map((one) => (isOvs(one) ? ofOvs : ofKernel)(one)));
    try {
      const up = await cli(['up', file]);
      expect(up.exitCode, up.stderr).toBe(0);
      await expect.poll(observed, { timeout: 60_000, interval: 1000 }).toEqual(model);
    } finally {
      await cli(['down', file]);
    }
  },
  isLong ? 600_000 : 180_000,
);
