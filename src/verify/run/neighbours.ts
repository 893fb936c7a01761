import { setTimeout as delay } from 'node:timers/promises';
import type { Hosts } from '../../apply/hosts/define.js';
import type { Hop } from '../../hops/types.js';
import { cablePairs } from '../../plan/pairs.js';
import type { Wiring } from '../../plan/wire.js';
import type { Witness } from '../../probes/define.js';
import {
  advertise,
  askFor,
  listen as daemon,
  NEAREST_BRIDGE,
  neighbours,
} from '../../probes/kinds/lldp.js';
import { hasInside, type Lab, type Stack } from '../../topology/lab.js';
import { readState } from '../state/device-state.js';
import { adjacencyOf, type Adjacency, type Heard } from '../findings/adjacency.js';
import {
  fateKey,
  fatesOf,
  judgeNeighbours,
  type PortNeighbour,
} from '../judge/judge-neighbours.js';
import { groupBy } from '../../group-by.js';
import { runJobs } from './jobs.js';
import { unreachable } from '../capture/files.js';
import { startSession, type CaptureSession } from '../capture/session.js';
import { nameOf } from '../witness/witness.js';
import { hostNameOf } from '../../where.js';

/** Seconds after which the daemons end by themselves. */
const LIMIT = 300;
/** How often a port sends before its neighbour counts as missing. */
const ATTEMPTS = 2;
/** Milliseconds from a sending until what has not been heard is sent again, and between two looks. */
const DEADLINE = 2000;
const POLL = 150;

/** A port that listens, and sends. */
interface Listener {
  readonly hop: Hop;
  readonly stack: Stack;
  readonly witness: Witness;
}

/**
 * Let every port of a lab that is up say by LLDP who it is, and tell whom each of them hears. All listen before the
 * first sends.
 */
export async function discoverNeighbours(
  lab: Lab,
  wiring: Wiring,
  hosts: Hosts,
  signal?: AbortSignal,
): Promise<readonly PortNeighbour[]> {
  const state = await readState(lab, wiring.graph, hosts);
  const adjacency = adjacencyOf(lab, wiring.model, state);
  const deaf = new Map<string, string>();
  // A ladvd with a device that is down, or gone, among its own hears nothing on any.
  const isUp = ({ hop: { stack, device } }: Listener): boolean =>
    state.get(stack)?.some(({ name, up }) => name === device && up) ?? true;
  const listeners = listenersOf(lab, adjacency, deaf).filter(isUp);
  const cables = cablePairs(wiring);
  const fates = fatesOf(wiring.model, cables);
  // What the model says is lost is not waited for.
  const pairs = listeners.flatMap((one) => {
    const near = adjacency
      .declaredAt(one.hop)
      .filter((other) => fates.get(fateKey(other, one.hop)) === undefined);
    return [...near, ...adjacency.relayedTo(one.hop)].map((other) => ({ one, other }));
  });
  const sessions = await startAll(listeners, hosts, deaf);
  try {
    const running = { hosts, sessions, deaf, signal };
    const heard = await sendAndListen(listeners, pairs, adjacency, running);
    return judgeNeighbours(adjacency, fates, heard, deaf);
  } finally {
    await Promise.allSettled([...sessions.values()].map((session) => session.stop()));
  }
}

/** Every port with somebody inside who can listen. */
function listenersOf(
  lab: Lab,
  { ports }: Adjacency,
  deaf: Map<string, string>,
): readonly Listener[] {
  const nodes = new Map(lab.nodes.map((node) => [node.name, node]));
  return ports.flatMap((hop): Listener[] => {
    const node = nodes.get(hop.stack);
    const stack = node?.stacks.find(({ id }) => id === hop.stack);
    if (!node || !stack) throw new RangeError(`${hop.label} is in no stack of the lab`);
    if (!hasInside(node)) {
      deaf.set(hop.id, `Nobody can listen inside ${node.name}: it has no agent.`);
      return [];
    }
    const { device } = hop;
    const ask = askFor(device);
    const confirms = (): boolean => true;
    const group = NEAREST_BRIDGE;
    return [
      { hop, stack, witness: { name: 'ladvd', stack, device, group, daemon, ask, confirms } },
    ];
  });
}

type Sessions = ReadonlyMap<string, CaptureSession>;

async function startAll(
  listeners: readonly Listener[],
  hosts: Hosts,
  deaf: Map<string, string>,
): Promise<Sessions> {
  const machines = new Set(listeners.map(({ stack }) => hostNameOf(stack.where)));
  const sessions = new Map<string, CaptureSession>();
  await Promise.all(
    [...machines].map(async (host) => {
      const here = listeners.filter(({ stack }) => hostNameOf(stack.where) === host);
      const witnesses = here.map(({ witness }) => witness);
      try {
        const options = { filter: '', limit: LIMIT };
        const session = await startSession(hosts.named(host), [], witnesses, options);
        sessions.set(host, session);
        for (const { hop, witness } of here) {
          const why = session.deaf.get(nameOf(witness));
          if (why !== undefined) deaf.set(hop.id, why);
        }
      } catch (error) {
        for (const { hop } of here) deaf.set(hop.id, unreachable(host, error));
      }
    }),
  );
  return sessions;
}

/** A port that must hear another. */
interface Expected {
  readonly one: Listener;
  readonly other: Hop;
}

interface Running {
  readonly hosts: Hosts;
  readonly sessions: Sessions;
  readonly deaf: Map<string, string>;
  readonly signal: AbortSignal | undefined;
}

/** Send from every port, again from those that their neighbour has not heard, and read what was heard. */
async function sendAndListen(
  listeners: readonly Listener[],
  pairs: readonly Expected[],
  adjacency: Adjacency,
  running: Running,
): Promise<readonly Heard[]> {
  const heard = new Map<string, readonly Heard[]>();
  const isHeard = (sender: Hop, at: Hop): boolean =>
    running.deaf.has(at.id) ||
    (heard.get(at.id) ?? []).some((one) => adjacency.deviceOf(one)?.id === sender.id);
  const listen = async (these: readonly Listener[]): Promise<void> => {
    for (const [hop, news] of await ask(these, running)) heard.set(hop, news);
  };
  const whoHearsNot = () => pairs.filter(({ one, other }) => !isHeard(other, one.hop));
  const whoIsNotHeard = () => {
    const senders = new Set(whoHearsNot().map(({ other }) => other.id));
    return listeners.filter(({ hop }) => senders.has(hop.id));
  };
  let senders = listeners;
  for (let attempt = 0; attempt < ATTEMPTS && senders.length > 0; attempt += 1) {
    await sendFrom(senders, running);
    const sent = performance.now();
    await listen(listeners);
    while (whoHearsNot().length > 0 && performance.now() < sent + DEADLINE) {
      running.signal?.throwIfAborted();
      await delay(POLL);
      await listen([...new Set(whoHearsNot().map(({ one }) => one))]);
    }
    senders = whoIsNotHeard();
  }
  return [...heard.values()].flat();
}

/** Let all send at once. Whoever cannot send is noted as deaf: nothing can be said of its cable. */
async function sendFrom(
  senders: readonly Listener[],
  { hosts, deaf, signal }: Running,
): Promise<void> {
  const jobs = senders.map(({ hop, stack }) => ({ hop, job: advertise(stack, hop.device) }));
  const failures = await runJobs(
    jobs.map(({ job }) => job),
    hosts,
    signal,
  );
  for (const { hop, job } of jobs) {
    const why = failures.get(job);
    if (why !== undefined && !deaf.has(hop.id)) deaf.set(hop.id, why);
  }
}

/** What listeners have heard, in their order. */
async function ask(
  listeners: readonly Listener[],
  { sessions, deaf }: Running,
): Promise<ReadonlyMap<string, readonly Heard[]>> {
  const byHost = groupBy(listeners, ({ stack }) => hostNameOf(stack.where));
  const answers = await Promise.all(
    [...byHost].map(async ([host, here]) => {
      const said = await sessions.get(host)?.ask(here.map(({ witness }) => witness));
      return here.map(({ hop, witness }, index) => {
        if (said && said[index] === undefined && !deaf.has(hop.id))
          deaf.set(hop.id, `${witness.name} in ${hop.stack} does not answer.`);
        const heard = neighbours(said?.[index] ?? '').map((one) => ({ at: hop, ...one }));
        return [hop.id, heard] as const;
      });
    }),
  );
  return new Map(answers.flat());
}
