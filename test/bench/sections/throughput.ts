import { stepsOf } from '../../../src/plan/resources/steps.js';
import { runCommand } from '../../../src/apply/command.js';
import { PatchlabError, messageOf } from '../../../src/errors.js';
import { TopologyError } from '../../../src/topology/topology-error.js';
import { linkKinds } from '../../../src/links/index.js';
import type { Command } from '../../../src/plan/step.js';
import { commandLine } from '../../../src/plan/tools/index.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { repeated, rowOf } from '../measure.js';
import { down, upFile, type Planned } from '../patchlab.js';
import type { Bench, Section } from '../section.js';
import { writeTopology } from '../topology-file.js';
import { framesPerSecond, gigabitsPerSecond, type Ends } from '../traffic.js';

type Link = NonNullable<LabDefinition['links']>[number];

const ENDS: [string, string] = ['a:eth1', 'b:eth1'];

/** Links whose fields are not `kind` and `ends` alone. */
const special: Readonly<Record<string, object>> = {
  macvtap: { kind: 'macvtap', mode: 'bridge', ends: ENDS },
  macvlan: { kind: 'macvlan', mode: 'bridge', ends: ENDS },
  'ovs-panel': { kind: 'ovs-panel', patches: [ENDS] },
};

/** What a namespace is reached by. */
const REACHED_BY = 'netdev';

/** Frames and bits in a second between two namespaces, kind by kind, and what the filter costs that keeps the lab off the host. */
export const throughput: Section = {
  name: 'throughput',
  title: 'two namespaces on a link of each kind: small frames and TCP, 2 s each',
  sizes: [],
  async run(bench) {
    const samples = new Map<string, readonly number[]>();
    for (const { kind, offers } of linkKinds) {
      if (!(offers as readonly string[]).includes(REACHED_BY)) {
        bench.report({ what: kind, skipped: 'it cannot end in a namespace' });
        continue;
      }
      const link = (special[kind] ?? { kind, ends: ENDS }) as Link;
      try {
        await measure(bench, kind, link, samples);
      } catch (error) {
        bench.signal.throwIfAborted();
        bench.report({ what: kind, skipped: reasonOf(error) });
      }
    }
  },
};

/** What is measured on each link. */
const MEASURES = [
  { title: '64-byte frames', unit: 'kframe/s', of: framesPerSecond, scale: 1e-3 },
  { title: 'TCP', unit: 'Gbit/s', of: gigabitsPerSecond, scale: 1 },
] as const;

const unfiltered = (what: string): string => `${what}, unfiltered`;

async function run(command: Command): Promise<void> {
  const { argv, input } = commandLine(command.tool, [command]);
  await runCommand(argv, { input });
}

const reasonOf = (error: unknown): string =>
  error instanceof TopologyError
    ? error.problems.map(({ what }) => what).join(' ')
    : error instanceof PatchlabError && error.others.length > 0
      ? error.others.map(messageOf).join(' ')
      : messageOf(error);

async function measure(
  bench: Bench,
  kind: string,
  link: Link,
  samples: Map<string, readonly number[]>,
): Promise<void> {
  const { signal } = bench;
  const name = `${bench.prefix}-${kind}`;
  const file = await writeTopology(bench.folder, {
    name,
    nodes: {
      a: { kind: 'netns', addresses: { eth1: '10.0.0.1/24' } },
      b: { kind: 'netns', addresses: { eth1: '10.0.0.2/24' } },
    },
    links: [link],
    verify: [],
  });
  bench.defer(() => down(name));
  const planned = await upFile(file, signal);
  const ends = endsOf(planned);
  const filter = stepsOf(planned.plan.resources).find(({ owns }) => owns?.type === 'nft-table');
  for (const { title, unit, of, scale } of MEASURES) {
    const what = `${kind}: ${title}`;
    try {
      const values = await repeated(bench.repeat, async () => {
        signal.throwIfAborted();
        const own = { [what]: scale * (await of(ends, signal)) };
        if (!filter?.undo) return own;
        await run(filter.undo);
        try {
          return { ...own, [unfiltered(what)]: scale * (await of(ends, signal)) };
        } finally {
          await run(filter.do);
        }
      });
      for (const [key, found] of values) samples.set(key, found);
      const veth = { with: `veth: ${title}`, title: 'veth' };
      const bare = { with: unfiltered(what), title: 'the same without the filter of the host' };
      bench.report(rowOf(samples, what, unit, what, kind === 'veth' ? [] : [veth, bare]));
    } catch (error) {
      signal.throwIfAborted();
      bench.report({ what, skipped: reasonOf(error) });
    }
  }
  await down(name);
}

function endsOf({ lab }: Planned): Ends {
  const [from, to] = lab.nodes.map((node) => {
    const [port] = node.ports;
    const netns = node.stacks[0]?.where.netns;
    const address = node.addresses[0]?.ip;
    if (!port || netns === undefined || address === undefined)
      throw new RangeError(`${node.name} has no port with an address`);
    return { netns, device: port.name, mac: port.mac, address };
  });
  if (!from || !to) throw new RangeError('the lab has not two nodes');
  return { from, to };
}
