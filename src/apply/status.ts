import type { Change } from '../plan/resources/difference.js';
import { thingsOf } from '../plan/resources/order.js';
import { ownedBy } from '../plan/resources/steps.js';
import type { Owned } from '../plan/step.js';
import { hostNameOf, isOnMachine, isOwnStack, LOCAL } from '../where.js';
import { Unread, type Look, type LookQuestion } from '../plan/resources/look.js';
import { differenceSeen, everythingOf, missing } from './drift.js';
import { readGuestLog, type GuestLog } from './guest-log.js';
import type { Impairment } from '../topology/impairment.js';
import { impairmentOf } from '../topology/live.js';
import { insideOf } from '../topology/kinds.js';
import { hasInside, type Lab, type LabLink, type LabNode } from '../topology/lab.js';
import type { LabHosts } from './hosts/index.js';
import { readInventory, type Inventory } from './inventory.js';
import { stateOf, type LabState } from './list.js';
import { lookAround } from './look-around.js';
import { readableStacks, stackReadings, type StackReading } from './read-stacks.js';
import { withHosts } from './session.js';
import { type Stored } from './state.js';
import { devicesOf, type StatusDevice } from './status-devices.js';

import { readLab } from './list.js';
export { listLabs, readLab, readLabs, type LabState, type LabSummary } from './list.js';

/** A network device on the way of a link, by its real name. */
export interface StatusHop {
  /** `local`, or `guest:NODE`. */
  readonly host: string;
  /** Network namespace on that host. */
  readonly netns?: string | undefined;
  readonly device: string;
  readonly kind: string;
  /** Is it there? `null`: it could not be looked for. */
  readonly present?: boolean | null;
}

export interface StatusNode {
  readonly name: string;
  readonly kind: string;
  readonly domain?: string;
  readonly netns?: string;
  /** State of the domain as libvirt says it; of a namespace `present`; of a container `running`, `exited`, or `restarted` where it has lost its links by that; of each `absent`, and `unknown` where its engine does not answer. */
  readonly state: string;
  /** Why its inside, or a namespace in it, could not be read; else `null`. */
  readonly unread: string | null;
  /** The end of what a guest wrote that does not run or does not answer; else `null`. */
  readonly log: GuestLog | null;
  /** The ends of its links. */
  readonly ports: readonly StatusDevice[];
  /** All else, also in its inner namespaces. */
  readonly devices: readonly StatusDevice[];
}

export interface StatusLink {
  readonly id: string;
  readonly kind: string;
  /** `cut` by `patchlab cut`; `partial` where a device of the way is missing; `unknown` where one could not be looked for. */
  readonly state: 'up' | 'cut' | 'partial' | 'unknown';
  /** Ends that impair what they send. */
  readonly impaired: readonly {
    readonly end: string;
    readonly impairment: Impairment;
    /** By `patchlab impair`, and not by the file. */
    readonly live: boolean;
  }[];
  readonly hops: readonly StatusHop[];
}

export interface Status {
  readonly lab: string;
  readonly state: LabState;
  readonly nodes: readonly StatusNode[];
  readonly links: readonly StatusLink[];
  /** Why something of it on this machine could not be read, a sentence each. */
  readonly unread: readonly string[];
  /** What `up` would mend: the resources that are not as they were built. */
  readonly drift: readonly Change[];
}

/**
 * Look at what of a lab is really there.
 * @throws PatchlabError `lab/unknown`
 */
export async function status(name: string): Promise<Status> {
  const stored = await readLab(name);
  return withHosts(stored.plan, (hosts) => lookAt(stored, hosts));
}

/** The same, of a lab whose hosts are open. */
async function lookAt(stored: Stored, hosts: LabHosts): Promise<Status> {
  const { lab, plan, extra } = stored;
  const hops = Object.values(extra.hops ?? {}).flat();
  const questions = everythingOf(stored);
  const [inventory, look, { gone }] = await Promise.all([
    readInventory([...plan.resources.flatMap(ownedBy), ...hopsAsLinks(hops)], hosts.libvirt),
    lookAround(questions, hosts),
    missing(stored, hosts),
  ]);
  const readings = stackReadings(readableStacks(lab), look);
  const seen = { inventory, readings, look, made: thingsOf(plan.resources) };
  const nodes = await Promise.all(lab.nodes.map((node) => statusOf(stored, node, hosts, seen)));
  const devices = nodes.flatMap((node) => [...node.ports, ...node.devices]);
  const isPresent = (hop: StatusHop) => presenceOf(hop, lab, inventory, readings);
  const links = lab.links.map((link): StatusLink => {
    const { id, kind, isCut } = link;
    const looked = (extra.hops?.[id] ?? []).map((hop) => ({ ...hop, present: isPresent(hop) }));
    const missing = looked.some(({ present }) => present === false);
    const unknown = looked.some(({ present }) => present === null);
    const whole = isCut === true ? 'cut' : 'up';
    const state = missing ? 'partial' : unknown ? 'unknown' : whole;
    return { id, kind, state, impaired: impairedEnds(link), hops: looked };
  });
  const state = await stateOf(stored, inventory, hosts.libvirt);
  const broken =
    devices.some((device) => device.state === 'absent') ||
    links.some((link) => link.state === 'partial');
  const isUp = stored.state === 'up';
  const unread = unreadIn(questions, look);
  const { resources } = plan;
  return {
    ...{ lab: lab.name, nodes, links, unread },
    state: state !== 'up' ? state : broken ? 'partial' : unread.length > 0 ? 'unknown' : 'up',
    drift: isUp ? differenceSeen(resources, resources, gone, look).changes : [],
  };
}

/** Why questions about this machine itself were not answered; what is in nodes, each node tells. */
export const unreadIn = (questions: readonly LookQuestion[], look: Look): readonly string[] => {
  const own = questions.filter(({ where }) => isOwnStack(where));
  const answers = own.map(({ where, what }): unknown => look(where, what));
  return [...new Set(answers.flatMap((one) => (one instanceof Unread ? one.why : [])))];
};

/** What is there of a lab and not in its file, a sentence each. */
export function strangersIn(
  { lab, plan }: Pick<Stored, 'lab' | 'plan'>,
  look: Look,
): readonly string[] {
  const readings = stackReadings(readableStacks(lab), look);
  const made = thingsOf(plan.resources);
  return lab.nodes
    .flatMap((node) => devicesOf(node, readings, made))
    .flatMap(({ stack, name, differs }) => differs.map((what) => `${stack}:${name}: ${what}`));
}

const impairedEnds = ({ ends }: LabLink): StatusLink['impaired'] =>
  ends.flatMap((end) => {
    const impairment = impairmentOf(end);
    return impairment ? [{ end: end.port.ref, impairment, live: end.live !== undefined }] : [];
  });

/** Is it in the stack of this machine itself? */
const isOnOwnStack = ({ host, netns }: StatusHop): boolean =>
  host === LOCAL.machine && netns === undefined;

/** So that the inventory reads the links where hops are on the host. */
const hopsAsLinks = (hops: readonly StatusHop[]): readonly Owned[] =>
  hops.filter(isOnOwnStack).map(({ device }) => ({ type: 'link', name: device, mac: '' }));

function presenceOf(
  hop: StatusHop,
  { nodes }: Lab,
  inventory: Inventory,
  readings: ReadonlyMap<string, StackReading>,
): boolean | null {
  const { host, netns, device } = hop;
  if (isOnOwnStack(hop)) return inventory.link?.has(device) ?? null;
  const stack = nodes
    .flatMap(({ stacks }) => stacks)
    .find(({ where }) => hostNameOf(where) === host && where.netns === netns);
  const reading = readings.get(stack?.id ?? '');
  if (host === LOCAL.machine && netns !== undefined && inventory.netns?.has(netns) !== true)
    return false;
  if (!reading || 'why' in reading) return null;
  return reading.devices.some(({ ifname }) => ifname === device);
}

/** What was seen of a lab, and the names of all that it makes. */
interface Seen {
  readonly inventory: Inventory;
  readonly readings: ReadonlyMap<string, StackReading>;
  readonly look: Look;
  readonly made: ReadonlySet<string>;
}

async function statusOf(
  { lab, plan }: Stored,
  node: LabNode,
  hosts: LabHosts,
  { inventory, readings, look, made }: Seen,
): Promise<StatusNode> {
  const { name, kind } = node;
  const domain = plan.domains.find((candidate) => candidate.node === name)?.name;
  const netns = node.stacks[0]?.where.netns;
  const all = devicesOf(node, readings, made);
  const unread = node.stacks.flatMap(({ id }) => {
    const reading = readings.get(id);
    return reading && 'why' in reading ? [`${id}: ${reading.why}`] : [];
  });
  const rest = {
    unread: hasInside(node) ? unread.join('; ') || null : 'it has no agent',
    log: null,
    ports: all.filter(({ isPort }) => isPort),
    devices: all.filter(({ isPort }) => !isPort),
  };
  if (domain !== undefined) {
    const state = inventory.domain ? await hosts.libvirt.state(domain) : 'unknown';
    const isWell = state === 'running' && unread.length === 0;
    const log = isWell ? null : ((await readGuestLog(domain)) ?? null);
    return { name, kind, domain, state: state ?? 'absent', ...rest, log };
  }
  // In a guest that holds the lab, each namespace answers for itself.
  const isThere = isOnMachine(lab.here)
    ? inventory.netns?.has(netns ?? '') === true
    : node.stacks.every(({ id }) => 'devices' in (readings.get(id) ?? {}));
  const inside = insideOf(lab.name, node, { namespace: undefined });
  const state = inside?.state(look) ?? (isThere || netns === undefined ? 'present' : 'absent');
  return { name, kind, ...(netns !== undefined && { netns }), state, ...rest };
}
