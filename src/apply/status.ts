import type { Owned, Plan } from '../plan/step.js';
import type { LabNode } from '../topology/lab.js';
import type { LabHosts } from './hosts/index.js';
import { readInventory, type Inventory } from './inventory.js';
import { readJournal } from './journal.js';
import { isLocked } from './lock.js';
import { memoryOf, ownership } from './ownership.js';
import { withHosts } from './session.js';
import { readAllStored, readStored } from './read-stored.js';
import { labFiles, unknownLab, type Stored } from './state.js';

/** `partial`: something of the lab is missing, or its builder was killed. `damaged`: what is stored of it cannot be used. */
export type LabState = 'up' | 'partial' | 'building' | 'damaged';

/** A network device on the way of a link, by its real name. */
export interface StatusHop {
  /** `local`, or `guest:NODE`. */
  readonly host: string;
  /** Network namespace on that host. */
  readonly netns?: string | undefined;
  readonly device: string;
  readonly kind: string;
}

export interface StatusPort {
  readonly name: string;
  readonly mac: string;
  readonly device: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
}

export interface StatusNode {
  readonly name: string;
  readonly kind: string;
  readonly domain?: string;
  readonly netns?: string;
  /** State of the domain as libvirt says it; of a namespace `present`; of either `absent`. */
  readonly state: string;
  readonly ports: readonly StatusPort[];
}

export interface StatusLink {
  readonly id: string;
  readonly kind: string;
  /** `partial` where a device of the way is missing. */
  readonly state: 'up' | 'partial';
  readonly hops: readonly StatusHop[];
}

export interface Status {
  readonly lab: string;
  readonly state: LabState;
  readonly nodes: readonly StatusNode[];
  readonly links: readonly StatusLink[];
}

export interface LabSummary {
  readonly name: string;
  readonly title?: string | undefined;
  readonly state: LabState;
  /** ISO 8601; `null` with the numbers where that is damaged. */
  readonly created: string | null;
  readonly nodes: number | null;
  readonly links: number | null;
  /** What is wrong with what is stored of it, and what to do; else `null`. */
  readonly problem: string | null;
}

/** The labs of this host by what is stored, without a look at the host itself. */
export async function listLabs(): Promise<readonly LabSummary[]> {
  const { labs, damaged } = await readAllStored();
  const healthy = labs.map(async (stored): Promise<LabSummary> => ({
    name: stored.lab.name,
    ...(stored.lab.title !== undefined && { title: stored.lab.title }),
    state: await storedState(stored),
    created: stored.created,
    nodes: stored.lab.nodes.length,
    links: stored.lab.links.length,
    problem: null,
  }));
  const others = damaged.map(({ name, problem }): LabSummary => ({
    ...{ name, state: 'damaged', created: null, nodes: null, links: null },
    problem: [problem.what, problem.why, problem.fix].filter(Boolean).join(' '),
  }));
  return [...(await Promise.all(healthy)), ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Everything that is stored about the labs of this host, but for those of which it is damaged. */
export const readLabs = async (): Promise<readonly Stored[]> => (await readAllStored()).labs;

/**
 * Everything that is stored about a lab that is up, its plan included.
 * @throws PatchlabError `lab/unknown`
 */
export async function readLab(name: string): Promise<Stored> {
  const stored = await readStored(name);
  if (!stored) throw unknownLab(name);
  return stored;
}

async function storedState({ lab, state }: Stored): Promise<LabState> {
  if (await isLocked(labFiles(lab.name).lock)) return 'building';
  return state === 'up' ? 'up' : 'partial';
}

/**
 * Look at what of a lab is really there.
 * @throws PatchlabError `lab/unknown`
 */
export async function status(name: string): Promise<Status> {
  const stored = await readLab(name);
  const { lab, plan, extra } = stored;
  return withHosts(plan, async (hosts) => {
    const owned = plan.steps.flatMap(({ owns }) => owns ?? []);
    const inventory = await readInventory([...owned, ...hopsAsLinks(extra.hops)], hosts.libvirt);
    const memory = memoryOf(await readJournal(labFiles(name).journal), false);
    const whole = owned.every((thing) => ownership(thing, name, inventory, memory) === 'ours');
    const before = await storedState(stored);
    const nodes = await Promise.all(
      lab.nodes.map((node) => statusOf(node, plan, hosts, inventory)),
    );
    const there = new Map(nodes.map((node) => [node.name, node.state !== 'absent']));
    return {
      lab: name,
      state: before === 'up' && !whole ? 'partial' : before,
      nodes,
      links: lab.links.map(({ id, kind }) => {
        const hops = extra.hops?.[id] ?? [];
        const up = hops.every((hop) => isThere(hop, inventory, there));
        return { id, kind, state: up ? 'up' : 'partial', hops };
      }),
    };
  });
}

/** So that the inventory reads the links where hops are on the host. */
const hopsAsLinks = (hops: Stored['extra']['hops'] = {}): readonly Owned[] =>
  Object.values(hops)
    .flat()
    .filter(({ host, netns }) => host === 'local' && netns === undefined)
    .map(({ device }) => ({ type: 'link', name: device, mac: '' }));

function isThere(
  { host, netns, device }: StatusHop,
  inventory: Inventory,
  nodes: ReadonlyMap<string, boolean>,
): boolean {
  if (host !== 'local') return nodes.get(host.replace('guest:', '')) ?? true;
  return netns === undefined ? inventory.links.has(device) : inventory.namespaces.has(netns);
}

async function statusOf(
  node: LabNode,
  plan: Plan,
  hosts: LabHosts,
  inventory: Inventory,
): Promise<StatusNode> {
  const domain = plan.domains.find((candidate) => candidate.node === node.name)?.name;
  const netns = node.stacks[0]?.where.netns;
  const { name, kind } = node;
  const ports = node.ports.map((port) => ({
    name: port.name,
    mac: port.mac,
    device: port.name,
    addresses: node.addresses
      .filter(({ stack, device }) => stack === name && device === port.name)
      .map(({ ip, prefix }) => `${ip}/${prefix}`),
  }));
  if (domain !== undefined) {
    const state = inventory.domains ? await hosts.libvirt.state(domain) : 'unknown';
    return { name, kind, domain, state: state ?? 'absent', ports };
  }
  const present = netns !== undefined && inventory.namespaces.has(netns);
  const state = present || netns === undefined ? 'present' : 'absent';
  return { name, kind, ...(netns !== undefined && { netns }), state, ports };
}
