import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { differenceSeen } from '../../src/apply/drift.js';
import { execute } from '../../src/apply/execute.js';
import { readFacts } from '../../src/apply/facts.js';
import { openHosts } from '../../src/apply/hosts/index.js';
import { lookAround } from '../../src/apply/look-around.js';
import { schedule } from '../../src/apply/schedule.js';
import { planLab } from '../../src/plan/plan.js';
import { questionsOf } from '../../src/plan/resources/read-back.js';
import { stepsOf } from '../../src/plan/resources/steps.js';
import type { Plan } from '../../src/plan/step.js';
import { batchesOf, undoSteps } from '../../src/plan/tools/batches.js';
import { bundlesOf, type Bundle } from '../../src/plan/tools/bundles.js';
import { parseTopology } from '../../src/topology/parse.js';
import { parseYaml } from '../../src/topology/source.js';
import { plainTopologies, topology } from '../support/cli.js';
import { randomFrom, seedFor, type Random } from '../support/random.js';

/** What a resource says that it needs is all that it needs: a lab comes out the same in whatever order that leaves open. */

const random = randomFrom(seedFor('orders of building', 20261127));

/** Some order in which each bundle comes after those that it waits for. */
function anyOrder(random: Random, bundles: readonly Bundle[]): readonly Bundle[] {
  const done = new Set<number>();
  const order: Bundle[] = [];
  while (order.length < bundles.length) {
    const ready = bundles.flatMap(({ after }, index) =>
      !done.has(index) && after.every((before) => done.has(before)) ? [index] : [],
    );
    const next = random.pick(ready);
    done.add(next);
    order.push(...bundles.slice(next, next + 1));
  }
  return order;
}

let built: Plan | undefined;
const signal = new AbortController().signal;

it.each(plainTopologies())('%s', async (file) => {
  const { lab } = parseTopology(parseYaml(file, readFileSync(topology(file), 'utf8')));
  const plan = planLab(lab, await readFacts(lab, { prepare: false }));
  built = plan;
  const hosts = openHosts(plan);
  try {
    for (const bundle of anyOrder(random, bundlesOf(batchesOf(stepsOf(plan.resources)))))
      expect(await execute(bundle, { hosts, executors: {}, signal })).toEqual([]);
    const look = await lookAround(questionsOf(plan.resources), hosts);
    expect(differenceSeen(plan.resources, plan.resources, new Map(), look).changes).toEqual([]);
  } finally {
    await hosts.close();
  }
});

afterEach(async () => {
  if (!built) return;
  const hosts = openHosts(built);
  const undos = batchesOf(undoSteps(stepsOf(built.resources)), 'undo');
  await schedule(undos, { phase: 'remove' }, async (bundle) => {
    await execute(bundle, { hosts, executors: {}, signal, keepGoing: true });
  });
  await hosts.close();
  built = undefined;
});
