import type { Stored } from '../apply/state.js';
import { PatchlabError } from '../errors.js';
import { guestId } from '../plan/resources/kinds/nic.js';
import { didYouMean } from '../topology/suggest.js';
import { bringUp, type BringUpAsked } from './bring-up.js';
import { defineCommand, UsageError } from './define.js';
import { planFor } from './planned.js';
import { demandBuilt, storedOf } from './target.js';
import { startClock } from './timings.js';

interface Options extends BringUpAsked {
  readonly lab: string;
  readonly node: readonly string[];
}

export const restart = defineCommand<Options>({
  needsRoot: true,
  positionals: {
    lab: {
      describe: 'Name of the lab, or its topology file, which is not looked at',
      takes: 'lab',
    },
    node: { describe: 'Nodes that are ended and started again', takes: 'stack' },
  },
  options: {
    cold: { type: 'boolean', describe: 'Boot guests, rather than start them from a stored state' },
    'no-verify': { type: 'boolean', describe: 'Do not verify again what crosses the nodes' },
    timings: { type: 'boolean', describe: 'Show where the time went' },
  },
  examples: [['$0 restart lldp-direct sw1', 'one guest, as if its power had failed']],
  async run({ lab: target, node: names, ...options }, context) {
    if (names.length === 0) throw new UsageError('Name the nodes that are to start again.');
    const clock = startClock();
    const stored = await storedOf(target);
    demandBuilt(stored);
    const anew = new Map(names.flatMap((name) => homesOf(name, stored)));
    const planned = await planFor(stored.lab.name, context, { prepare: true });
    return bringUp({ ...planned, plan: stored.plan }, { ...options, anew, clock }, context);
  },
});

/** What a node begins with (its guest, or its namespaces), and why it is made anew. @throws PatchlabError `lab/unknown-node` */
function homesOf(name: string, { lab, plan }: Stored): readonly (readonly [string, string])[] {
  const node = lab.nodes.find((one) => one.name === name);
  if (!node)
    throw new PatchlabError('lab/unknown-node', {
      what: `Lab \`${lab.name}\` has no node \`${name}\`.`,
      fix: didYouMean(
        name,
        lab.nodes.map((one) => one.name),
      ),
    });
  const own = new Set([guestId(name), ...node.stacks.map(({ id }) => id)]);
  return plan.resources
    .filter((one) => one.makes?.some((at) => own.has(at)) && !one.in.some((at) => own.has(at)))
    .map(({ id }) => [id, 'it starts again']);
}
