import { PatchlabError, messageOf } from '../../../src/errors.js';
import { linkKinds } from '../../../src/links/index.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { repeated, rowOf, type Samples } from '../measure.js';
import { down, upFile, type Planned } from '../patchlab.js';
import type { Bench, Section } from '../section.js';
import { writeTopology } from '../topology-file.js';
import { framesPerSecond, gigabitsPerSecond, type Ends } from '../traffic.js';

type Link = NonNullable<LabDefinition['links']>[number];

const ENDS: [string, string] = ['a:eth1', 'b:eth1'];

/** Links whose fields are not `kind` and `ends` alone. */
const special: Readonly<Record<string, object>> = {
  'ovs-panel': { kind: 'ovs-panel', patches: [ENDS] },
};

/** What a namespace is reached by. */
const REACHED_BY = 'netdev';

/** Frames and bits in a second between two namespaces, kind by kind. */
export const throughput: Section = {
  name: 'throughput',
  title: 'two namespaces on a link of each kind: small frames and TCP, 2 s each',
  sizes: [],
  async run(bench) {
    const measured = new Map<string, Samples>();
    for (const { kind, offers } of linkKinds) {
      if (!(offers as readonly string[]).includes(REACHED_BY)) {
        bench.report({ what: kind, skipped: 'it cannot end in a namespace' });
        continue;
      }
      const link = (special[kind] ?? { kind, ends: ENDS }) as Link;
      try {
        measured.set(kind, await measure(bench, kind, link));
      } catch (error) {
        bench.signal.throwIfAborted();
        bench.report({ what: kind, skipped: reasonOf(error) });
      }
    }
    const all = new Map(
      [...measured].flatMap(([kind, samples]) =>
        [...samples].map(([what, values]) => [what === 'tcp' ? `${kind} tcp` : kind, values] as const),
      ),
    );
    for (const [kind, samples] of measured) {
      const veth = kind === 'veth' ? [] : [{ with: 'veth' }];
      bench.report(rowOf(all, kind, 'kframe/s', `${kind}: 64-byte frames`, veth));
      if (samples.has('tcp'))
        bench.report(
          rowOf(all, `${kind} tcp`, 'Gbit/s', `${kind}: TCP`, kind === 'veth' ? [] : [{ with: 'veth tcp' }]),
        );
    }
  },
};

const reasonOf = (error: unknown): string =>
  error instanceof PatchlabError && error.others.length > 0
    ? error.others.map(messageOf).join(' ')
    : messageOf(error);

async function measure(bench: Bench, kind: string, link: Link): Promise<Samples> {
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
  const ends = endsOf(await upFile(file, signal));
  try {
    return await repeated(bench.repeat, async (repetition) => {
      bench.say(`${kind}: repetition ${repetition + 1} of ${bench.repeat}`);
      signal.throwIfAborted();
      return {
        frames: (await framesPerSecond(ends, signal)) / 1000,
        tcp: await gigabitsPerSecond(ends, signal),
      };
    });
  } finally {
    await down(name);
  }
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
