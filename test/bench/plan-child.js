/**
 * Plan a lab of namespaces without a host, phase by phase, and print milliseconds and memory as JSON. A
 * process of its own, on what is built, so that the memory is that of planning and of nothing else.
 *
 * Argument: number of nodes. Each has a cable to the next node and to the one after that: two links a node.
 */
import { stringify } from 'yaml';
import { planLab } from '../../dist/plan/plan.js';
import { stepsOf } from '../../dist/plan/resources/steps.js';
import { wire } from '../../dist/plan/wire.js';
import { checkProblems } from '../../dist/probes/prepare.js';
import { resolveTopology } from '../../dist/topology/resolve.js';
import { topologySchema } from '../../dist/topology/schema.js';
import { parseYaml } from '../../dist/topology/source.js';

const nodes = Number(process.argv[2]);
const at = (index) => `n${index % nodes}`;
const addressed = (index) => {
  const subnet = (cable) => `10.${cable >> 8}.${cable & 255}`;
  const before = (index + nodes - 1) % nodes;
  return { right: `${subnet(index)}.1/24`, left: `${subnet(before)}.2/24` };
};
const text = stringify({
  name: 'ring',
  nodes: Object.fromEntries(
    Array.from({ length: nodes }, (_, index) => [
      at(index),
      { kind: 'netns', addresses: addressed(index) },
    ]),
  ),
  links: Array.from({ length: nodes }, (_, index) => [
    { kind: 'veth', ends: [`${at(index)}:right`, `${at(index + 1)}:left`] },
    { kind: 'veth', ends: [`${at(index)}:up`, `${at(index + 2)}:down`] },
  ]).flat(),
});
globalThis.gc?.();
const loaded = process.memoryUsage().rss;

const phases = {};
const phase = (name, action) => {
  const begin = performance.now();
  const result = action();
  phases[name] = performance.now() - begin;
  return result;
};
const facts = { accelerator: 'tcg', ovsDatapath: 'netdev', guests: {} };
const parsed = phase('load', () => parseYaml('ring.yaml', text));
const topology = phase('shape', () => topologySchema.parse(parsed.value));
const { lab, problems } = phase('resolve', () => resolveTopology(topology));
if (problems.length > 0) throw new Error(problems[0].what);
const wiring = phase('wire', () => wire(lab, facts));
const plan = phase('plan', () => planLab(lab, facts, wiring));
const steps = phase('steps', () => stepsOf(plan.resources));
const unfit = phase('checks', () => checkProblems(lab, wiring.model));
if (unfit.length > 0) throw new Error(unfit[0].what);
process.stdout.write(
  JSON.stringify({
    phases,
    counts: { links: lab.links.length, steps: steps.length, checks: lab.checks.length },
    // Bytes; maxRSS is in kibibytes (getrusage(2)).
    loaded,
    peak: process.resourceUsage().maxRSS * 1024,
  }),
);
