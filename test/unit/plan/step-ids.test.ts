import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planLab } from '../../../src/plan/plan.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';

/** Ids of steps are made of names, so that what is added to a file changes the meaning of no other. */

const folder = new URL('../../../topologies/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

interface Definition {
  readonly nodes: Readonly<
    Record<string, { readonly addresses?: Readonly<Record<string, unknown>> }>
  >;
  readonly links: readonly unknown[];
  readonly verify?: unknown;
}

const FACTS = { accelerator: 'tcg', ovsDatapath: 'netdev', guests: {} } as const;

const stepsOf = (file: string, definition: Definition) => {
  const { lab } = parseTopology(parseYaml(file, JSON.stringify(definition)));
  return planLab(lab, FACTS).steps;
};

/** The same file without its checks, with two more nodes before all others, a link, and an address before those of each device that has some. */
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
  const cable = { kind: 'veth', ends: ['new-a:eth1', 'new-b:eth1'] };
  return {
    ...rest,
    nodes: {
      'new-a': { kind: 'netns' },
      'new-b': { kind: 'netns' },
      ...Object.fromEntries(more),
    } as never,
    links: [...links, cable],
  };
}

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
});
