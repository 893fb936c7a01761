import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planLab } from '../../../src/plan/plan.js';
import { stepsOf as stepsOfPlan } from '../../../src/plan/resources/steps.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';

/** Ids of steps are made of names, so that what is added to a file changes the meaning of no other. */

const folder = new URL('../../../topologies/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

interface Definition {
  readonly nodes: Readonly<
    Record<string, { readonly addresses?: Readonly<Record<string, unknown>> }>
  >;
  readonly links: readonly Link[];
  readonly verify?: unknown;
}

interface Link {
  readonly name?: string;
  readonly ends?: readonly unknown[];
  readonly patches?: readonly unknown[];
}

const FACTS = { accelerator: 'tcg', ovsDatapath: 'netdev', guests: {} } as const;

const stepsOf = (file: string, definition: Definition) => {
  const { lab } = parseTopology(parseYaml(file, JSON.stringify(definition)));
  // The first step lists all devices of the lab.
  const steps = stepsOfPlan(planLab(lab, FACTS).resources).filter(
    ({ owns }) => owns?.type !== 'nft-table',
  );
  // Where they come among the others is no part of what they mean.
  return steps.map(({ at: _, after: __, ...step }) => step);
};

/** The same file without its checks, with two more nodes and a link before all others, and an address before those of each device that has some. */
function grown({ nodes, links, verify: _, ...rest }: Definition): Definition {
  let count = 0;
  const more = Object.entries(nodes).map(([name, node]) => {
    const addresses = Object.entries(node.addresses ?? {}).map(([device, written]) => [
      device,
      [`198.18.${(count += 1)}.1/24`, ...[written].flat()],
    ]);
    return [
      name,
      { ...node, ...(node.addresses && { addresses: Object.fromEntries(addresses) as object }) },
    ] as const;
  });
  const segment = { kind: 'bridge', ends: ['new-a:eth1', 'new-b:eth1'] };
  return {
    ...rest,
    nodes: {
      'new-a': { kind: 'netns' },
      'new-b': { kind: 'netns' },
      ...Object.fromEntries(more),
    } as never,
    links: [segment, ...links],
  };
}

/** Each link has a name, as one needs that is not to depend on which ends come first. */
const named = ({ links, ...rest }: Definition): Definition => ({
  ...rest,
  links: links.map((link, index) => ({ name: `written${index}`, ...link })),
});

/** The same file with an end before the others of each segment, or behind the first two, and a patch before those of each panel. */
function widened({ nodes, links, ...rest }: Definition, first: boolean): Definition {
  const added: string[] = [];
  const port = (index: number, side: string): string => {
    added.push(`new-${side}${index}`);
    return `new-${side}${index}:eth1`;
  };
  const more = links.map((link, index): Link => {
    const { ends, patches } = link;
    if (patches && first)
      return { ...link, patches: [[port(index, 'a'), port(index, 'b')], ...patches] };
    if (!ends || !SEGMENTS.has((link as { kind?: string }).kind ?? '')) return link;
    const begin = first ? 0 : 2;
    return { ...link, ends: [...ends.slice(0, begin), port(index, 'a'), ...ends.slice(begin)] };
  });
  const others = Object.fromEntries(added.map((name) => [name, { kind: 'netns' }]));
  return { ...rest, nodes: { ...others, ...nodes } as never, links: more };
}

/** Kinds with any number of ends. */
const SEGMENTS = new Set(['bridge', 'ovs-switch', 'macvlan']);

describe.each(files)('%s', (file) => {
  const definition = parse(readFileSync(new URL(file, folder), 'utf8')) as Definition;
  const before = stepsOf(file, definition);

  it('has an id for each step, and no two alike', () => {
    const ids = before.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('means the same by each id when nodes, a link and addresses are added', () => {
    const after = stepsOf(file, grown(definition));
    const byId = new Map(after.map((step) => [step.id, step]));
    expect(after.length).toBeGreaterThan(before.length);
    expect(before.map(({ id }) => byId.get(id))).toEqual(before);
  });

  it.each([
    ['an end before all others of a link with a name', named(definition), true],
    ['an end behind the first two of a link without', definition, false],
  ])('means the same by each id when a segment gets %s', (_, small, first) => {
    const { verify: __, ...unchecked } = small;
    const fewer = stepsOf(file, unchecked);
    const byId = new Map(stepsOf(file, widened(unchecked, first)).map((step) => [step.id, step]));
    expect(fewer.map(({ id }) => byId.get(id))).toEqual(fewer);
  });
});
