import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFilters } from '../../src/apply/filters.js';
import { deviceKinds } from '../../src/devices/index.js';
import { hearingOn } from '../../src/hops/hearing.js';
import { linkKinds } from '../../src/links/index.js';
import type { PlanFacts } from '../../src/links/define.js';
import { nodeKinds } from '../../src/nodes/index.js';
import { pairsOf } from '../../src/plan/pairs.js';
import { planLab } from '../../src/plan/plan.js';
import { renderScripts } from '../../src/plan/render-sh.js';
import { wire } from '../../src/plan/wire.js';
import { prepareChecks } from '../../src/probes/prepare.js';
import { probeKinds } from '../../src/probes/index.js';
import { formatMatrix } from '../../src/report/terminal/prediction-matrix.js';
import { formatPredictions } from '../../src/report/terminal/prediction.js';
import { loadTopology } from '../../src/topology/load.js';
import { shippedLabs, themes } from '../../src/topology/load-labs.js';
import { parseTopology } from '../../src/topology/parse.js';
import { parseYaml } from '../../src/topology/source.js';

const shipped = shippedLabs();

const FACTS: PlanFacts = {
  accelerator: 'tcg',
  ovsDatapath: 'netdev',
  guests: {
    mini: {
      kernel: '/cache/mini/vmlinuz',
      initrd: '/cache/mini/initrd',
      kernelArgs: ['console=ttyS0'],
    },
  },
};

async function filesOf(file: string): Promise<Readonly<Record<string, string>>> {
  const { lab } = await loadTopology(file);
  const wiring = wire(lab, { ...FACTS, filters: await readFilters(lab) });
  const prepared = prepareChecks(lab, wiring.model);
  return {
    ...renderScripts(lab, planLab(lab, FACTS, wiring)),
    'prediction.txt': formatPredictions(prepared.checks),
    'hearing.txt': `${formatMatrix(
      lab.name,
      pairsOf(lab, wiring, prepared.checks).map(({ path, link }) => ({
        link,
        ...hearingOn(wiring.model, path),
      })),
      { each: true },
    )}\n`,
  };
}

describe('the labs of topologies/', () => {
  it.each(shipped)(
    '$name gives the plan, domains and prediction that were reviewed',
    async (lab) => {
      const { name: folder, file } = lab;
      for (const [name, text] of Object.entries(await filesOf(file)))
        await expect(text).toMatchFileSnapshot(`labs/${folder}/${name}`);
    },
  );

  it.each(shipped)('$name gives the same bytes in every run', async ({ file }) => {
    expect(await filesOf(file)).toEqual(await filesOf(file));
  });

  it.each(shipped)('$name says what it shows and what to try next', async ({ name, file }) => {
    const { topology } = await loadTopology(file);
    expect([topology.name, typeof topology.title]).toEqual([name, 'string']);
    expect(topology.about?.length).toBeGreaterThan(100);
  });

  it('lie in the folders of themes, and nowhere else', () => {
    const root = new URL('../../topologies/', import.meta.url).pathname;
    expect(readdirSync(root).sort()).toEqual(themes.map(({ folder }) => folder).sort());
    const names = shipped.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('use every kind of node, link, device and probe', async () => {
    const labs = await Promise.all(shipped.map(({ file }) => loadTopology(file)));
    const nodes = labs.flatMap(({ lab }) => lab.nodes);
    const used = {
      nodes: nodes.map(({ kind }) => kind),
      links: labs.flatMap(({ lab }) => lab.links.map(({ kind }) => kind)),
      devices: nodes.flatMap(({ devices }) => devices.map(({ kind }) => kind)),
      probes: labs.flatMap(({ lab }) => lab.checks.map(({ probe }) => probe)),
    };
    const kinds = { nodes: nodeKinds, links: linkKinds, devices: deviceKinds, probes: probeKinds };
    for (const [area, registry] of Object.entries(kinds)) {
      const names = registry.map(({ kind }) => kind);
      expect([...new Set(used[area as keyof typeof used])].sort()).toEqual([...names].sort());
    }
  });
});

describe('the example of a kind', () => {
  it.each([...linkKinds, ...nodeKinds].map(({ kind, example }) => [kind, example]))(
    '%s is a topology that holds',
    (kind, example) => {
      const { lab } = parseTopology(parseYaml(kind, example));
      expect(lab.nodes.length).toBeGreaterThan(1);
      // Also those that nobody has written.
      expect(lab.checks.length).toBeGreaterThan(0);
      expect(prepareChecks(lab, wire(lab, FACTS).model).problems).toEqual([]);
    },
  );

  it.each(deviceKinds.map(({ kind, example }) => [kind, example]))(
    '%s fits its schema',
    (kind, example) => {
      const device = deviceKinds.find((candidate) => candidate.kind === kind);
      expect(device?.schema.parse(parseYaml(kind, example).value)).toMatchObject({ kind });
    },
  );
});
