import type { Model } from '../hops/emit.js';
import { findWay, learn } from '../hops/find-way.js';
import type { HopGraph } from '../hops/graph.js';
import { remembering } from '../hops/model.js';
import type { Way } from '../hops/predict.js';
import { stacksOf } from '../ip/stack.js';
import type { Hop } from '../hops/types.js';
import { probeKind } from '../topology/kinds.js';
import type { Address, Check, Lab, LabNode, Stack } from '../topology/lab.js';
import { under, type Path, type Problem } from '../topology/problem.js';
import { didYouMean } from '../topology/suggest.js';
import { bystandersOf, hearersOf } from './bystanders.js';
import type { Around, Endpoint, Leg, Probe } from './define.js';

/** A leg of a probe with the way that its frame takes, or would take if nothing dropped it. */
export interface PreparedLeg extends Omit<Leg, 'way'>, Way {}

/** A check made ready: what to send, the hops that it crosses, and what the model says of each leg. */
export interface PreparedCheck {
  readonly probe: Probe;
  /** In the order in which they are sent. */
  readonly legs: readonly PreparedLeg[];
  /** All courses that it may take, that of `legs` among them: where several answer, the first one counts. */
  readonly courses: readonly (readonly PreparedLeg[])[];
  /** All hops that a leg crosses, each once, in the order in which they are first met. */
  readonly hops: readonly Hop[];
  /** Ends of the lab that must hear nothing of it; none where that does not matter. */
  readonly bystanders: readonly Hop[];
  /** Those of them that do, as the model has it. */
  readonly overhearing: readonly Hop[];
}

export interface PreparedChecks {
  readonly checks: readonly PreparedCheck[];
  readonly problems: readonly Problem[];
}

type Nodes = ReadonlyMap<string, LabNode>;

/** Make every check of a lab ready, or say what keeps it from running. Pure. */
export function prepareChecks(lab: Lab, model: Model): PreparedChecks {
  const nodes = new Map(lab.nodes.map((node) => [node.name, node]));
  const problems: Problem[] = [];
  const find = finder(nodes, model.graph);
  const around: Around = { lab, model, stacks: stacksOf(lab, model.graph) };
  const checks = lab.checks.flatMap((check, index): PreparedCheck[] => {
    const result = prepareCheck(check, find, around);
    if ('probe' in result) return [result];
    problems.push(...result.map((problem) => under(['verify', index], problem)));
    return [];
  });
  return { checks, problems };
}

/** Make one check ready that the lab need not have, or say what keeps it from running. Pure. */
export function prepareOne(lab: Lab, model: Model, check: Check): PreparedCheck | Problem {
  const { checks, problems } = prepareChecks({ ...lab, checks: [check] }, model);
  const [result] = [...problems, ...checks];
  if (!result) throw new RangeError('the check was not prepared');
  return result;
}

function prepareCheck(check: Check, find: Find, around: Around): PreparedCheck | Problem[] {
  const from = find(check.from, ['from']);
  const to = find(check.to, ['to']);
  if (!Array.isArray(from) || !Array.isArray(to))
    return [from, to].flatMap((found) => (Array.isArray(found) ? [] : [found]));
  const probe = probeKind(check.probe).prepare(check as never, { from, to }, around);
  if (!('legs' in probe)) return [...probe];
  const heard = new Set<string>();
  const all = [probe.legs, ...(probe.rivals ?? [])].map((course) =>
    waysOf(course, around.model, (conversation, leg) => {
      if (check.nowhere_else) for (const { id } of hearersOf(conversation, leg)) heard.add(id);
    }),
  );
  const courses = all.flatMap((course) => (course ? [course] : []));
  const [legs] = courses;
  if (!legs || courses.length < all.length) {
    return [
      {
        code: 'topology/no-path',
        path: ['to'],
        what: `No layer-2 path leads from ${probe.from.hop.label} to ${probe.to.hop.label}.`,
      },
    ];
  }
  const crossed = new Map<string, Hop>();
  const ways = courses.flat().map(({ path }) => path);
  for (const path of ways) for (const hop of path) crossed.set(hop.id, hop);
  const hops = [...crossed.values()];
  const bystanders = check.nowhere_else ? bystandersOf(around.lab, around.model.graph, ways) : [];
  const overhearing = bystanders.filter(({ id }) => heard.has(id));
  return unknownHop(check, hops) ?? { probe, legs, courses, hops, bystanders, overhearing };
}

/** The same check on another course. */
export const onCourse = (check: PreparedCheck, course: number): PreparedCheck => ({
  ...check,
  legs: check.courses[course] ?? check.legs,
});

/** Let the frames of a probe go their ways one after the other: what devices learn from one counts for the next. */
function waysOf(
  legs: readonly Leg[],
  model: Model,
  before: (conversation: Model, leg: Leg) => void,
): readonly PreparedLeg[] | undefined {
  const conversation = remembering(model);
  const prepared: PreparedLeg[] = [];
  for (const leg of legs) {
    const way = leg.way ?? findWay(conversation, leg.from, leg.to, leg.frame);
    if (!way) return undefined;
    before(conversation, leg);
    learn(conversation, way);
    prepared.push(onItsWay(leg, way));
  }
  return prepared;
}

/** Field by field: a large lab has hundreds of thousands. */
const onItsWay = (leg: Leg, { path, frames, prediction }: Way): PreparedLeg => ({
  name: leg.name,
  class: leg.class,
  from: leg.from,
  to: leg.to,
  frame: leg.frame,
  isQuestion: leg.isQuestion,
  isMadeUp: leg.isMadeUp,
  sights: leg.sights,
  matches: leg.matches,
  path,
  frames,
  prediction,
});

function unknownHop({ at }: Check, hops: readonly Hop[]): Problem[] | undefined {
  if (at === undefined || hops.some((hop) => hop.label === at || hop.device === at))
    return undefined;
  const labels = hops.map((hop) => hop.label);
  return [
    {
      code: 'topology/unknown-hop',
      path: ['at'],
      what: `No device on the path is called \`${at}\`.`,
      why: `the path is ${labels.join(' > ')}`,
      fix: () => didYouMean(at, labels),
    },
  ];
}

/** The devices that a reference can stand for: the one it names, or all of the stack. */
type Find = (ref: string, path: Path) => Endpoint[] | Problem;

/** Every reference is looked up once, and so are the devices of every stack. */
function finder(nodes: Nodes, graph: HopGraph): Find {
  const found = new Map<string, Endpoint[]>();
  const stacks = new Map<string, Endpoint[]>();
  return (ref, path) => {
    const known = found.get(ref);
    if (known) return known;
    const [stackName = '', device] = ref.split(':');
    const node = nodes.get(stackName.split('/')[0] ?? '');
    const stack = node?.stacks.find(({ id }) => id === stackName);
    if (!node || !stack) throw new RangeError(`${ref} was not resolved`);
    if ((node.spec as { agent?: boolean }).agent === false) {
      return {
        code: 'topology/no-agent',
        path,
        what: `Nothing can be sent or received inside ${node.name}: it has no agent.`,
      };
    }
    const all = stacks.get(stackName) ?? endpointsOf(node, stack, graph);
    if (!stacks.has(stackName))
      for (const one of all) found.set(`${stackName}:${one.device}`, [one]);
    stacks.set(stackName, all);
    const chosen = device === undefined ? all : found.get(ref);
    if (chosen && chosen.length > 0) return chosen;
    return {
      code: 'topology/unknown-device',
      path,
      what: `${stack.id} has no port or device${device === undefined ? '' : ` \`${device}\``}.`,
      fix: () =>
        didYouMean(
          device ?? '',
          all.map((one) => one.device),
        ),
    };
  };
}

function endpointsOf(node: LabNode, stack: Stack, graph: HopGraph): Endpoint[] {
  const hops = graph.stacks.get(stack.id) ?? [];
  const stackMacs = hops.flatMap(({ settings }) => settings.mac ?? []);
  const addresses = new Map<string, Address[]>();
  for (const address of node.addresses.filter((one) => one.stack === stack.id))
    addresses.set(address.device, [...(addresses.get(address.device) ?? []), address]);
  return hops.map((hop) => ({
    stack,
    device: hop.device,
    mac: hop.settings.mac ?? '',
    stackMacs,
    hop,
    addresses: addresses.get(hop.device) ?? [],
  }));
}
