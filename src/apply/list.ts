import type { Owned } from '../plan/step.js';
import type { LabHosts } from './hosts/index.js';
import { readInventory, type Inventory } from './inventory.js';
import { readJournal } from './journal.js';
import { isLocked } from './lock.js';
import { memoryOf, ownership } from './ownership.js';
import { readAllStored, readStored } from './read-stored.js';
import { withHosts } from './session.js';
import { labFiles, unknownLab, type Stored } from './state.js';

/** `partial`: something of the lab is missing, or its builder was killed. `damaged`: what is stored of it cannot be used. `unknown`: a daemon that would know does not answer. */
export type LabState = 'up' | 'partial' | 'building' | 'damaged' | 'unknown';

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

/** The labs of this host, and whether what they have made is there. */
export async function listLabs(): Promise<readonly LabSummary[]> {
  const { labs, damaged } = await readAllStored();
  const owned = await ownedIn(labs);
  const healthy = await withHosts({ domains: [] }, async ({ libvirt }) => {
    // One look at the host for all of them.
    const inventory = await readInventory(owned, libvirt);
    return Promise.all(labs.map((stored) => summaryOf(stored, inventory, libvirt)));
  });
  const others = damaged.map(({ name, problem }): LabSummary => ({
    ...{ name, state: 'damaged', created: null, nodes: null, links: null },
    problem: [problem.what, problem.why, problem.fix].filter(Boolean).join(' '),
  }));
  return [...healthy, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function summaryOf(
  stored: Stored,
  inventory: Inventory,
  libvirt: LabHosts['libvirt'],
): Promise<LabSummary> {
  const { lab, created } = stored;
  return {
    name: lab.name,
    ...(lab.title !== undefined && { title: lab.title }),
    state: await stateOf(stored, inventory, libvirt),
    ...{ created, nodes: lab.nodes.length, links: lab.links.length, problem: null },
  };
}

/** Of a lab that says it is up: is all of it there, and do its guests run? */
export async function stateOf(
  stored: Stored,
  inventory: Inventory,
  libvirt: LabHosts['libvirt'],
): Promise<LabState> {
  const { lab, plan } = stored;
  const before = await storedState(stored);
  if (before !== 'up') return before;
  const memory = memoryOf(await readJournal(labFiles(lab.name).journal), false);
  const owned = await ownedIn([stored]);
  const whose = owned.map((thing) => ownership(thing, lab.name, inventory, memory));
  if (whose.some((one) => one === 'absent' || one === 'foreign')) return 'partial';
  if (whose.includes('unknown')) return 'unknown';
  const states = await Promise.all(plan.domains.map(({ name }) => libvirt.state(name)));
  return states.every((state) => state === 'running') ? 'up' : 'partial';
}

/** Everything on this host that labs have made. */
async function ownedIn(labs: readonly Pick<Stored, 'plan'>[]): Promise<readonly Owned[]> {
  if (labs.length === 0) return [];
  // Large, and of no use where nothing is stored.
  const { ownedBy } = await import('../plan/resources/steps.js');
  return labs.flatMap(({ plan }) => plan.resources.flatMap(ownedBy));
}

/** Everything that is stored about the labs of this host, but for those of which it is damaged. */
export const readLabs = async (): Promise<readonly Stored[]> => (await readAllStored()).labs;

async function storedState({ lab, state }: Stored): Promise<LabState> {
  if (await isLocked(labFiles(lab.name).lock)) return 'building';
  return state === 'up' ? 'up' : 'partial';
}

/**
 * Everything that is stored about a lab that is up, its plan included.
 * @throws PatchlabError `lab/unknown`
 */
export async function readLab(name: string): Promise<Stored> {
  const stored = await readStored(name);
  if (!stored) throw unknownLab(name);
  return stored;
}
