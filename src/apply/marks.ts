import { readdir } from 'node:fs/promises';
import { labOfTable, removeTables } from '../plan/host-filter.js';
import { markOf, uuid } from '../plan/names.js';
import { THIS_HOST } from '../topology/lab.js';
import { LOCAL, type Command, type Owned, type Stage, type Step } from '../plan/step.js';
import { tryCommand } from './command.js';
import { readBridges, readDomains, readLinks, readTables } from './inventory.js';
import type { Libvirt } from './libvirt.js';
import { namespaceId } from './namespace-id.js';

/**
 * What of labs is on this host, by the marks that the things themselves carry: the last resort, where nothing that is
 * stored tells of it.
 */

/** A thing that carries the mark of a lab. */
export interface Marked {
  readonly lab: string;
  readonly owned: Owned;
}

/** What was found, and what could not be looked at. */
export interface Marks {
  readonly found: readonly Marked[];
  /** `namespaceId` of each namespace that was found, by its name. */
  readonly namespaces: ReadonlyMap<string, string>;
}

type LibvirtList = Pick<Libvirt, 'list'>;

const PREFIX = markOf('');

/** Look for all that carries the mark of a lab, or of any. What does not answer is as if it held nothing. */
export async function readMarks(libvirt: LibvirtList, lab?: string): Promise<Marks> {
  const found = await Promise.all([
    markedLinks(),
    markedNamespaces(lab),
    markedBridges(),
    markedDomains(libvirt),
    markedTables(),
  ]);
  return ofLab(found.flat(), lab);
}

/** Look for those that are looked for in no time: devices, and namespaces of the lab's name. */
export async function readQuickMarks(lab: string): Promise<Marks> {
  return ofLab((await Promise.all([markedLinks(), markedNamespaces(lab)])).flat(), lab);
}

function ofLab(all: readonly Marked[], lab: string | undefined): Marks {
  const found = all.filter((one) => lab === undefined || one.lab === lab);
  const namespaces = found.flatMap(({ owned: { type, name } }) => {
    const id = type === 'netns' ? namespaceId(name) : undefined;
    return id === undefined ? [] : [[name, id] as const];
  });
  return { found, namespaces: new Map(namespaces) };
}

async function markedLinks(): Promise<readonly Marked[]> {
  return [...(await readLinks())].flatMap(([key, { name, alias, mac }]) =>
    key === name && alias?.startsWith(PREFIX)
      ? [
          {
            lab: alias.slice(PREFIX.length),
            owned: { type: 'link', name, mac: mac ?? '' } as const,
          },
        ]
      : [],
  );
}

/** Those whose `lo` says so. Only names are asked that a lab, or that lab, would give: each takes a process. */
async function markedNamespaces(lab: string | undefined): Promise<readonly Marked[]> {
  const names = await readdir('/run/netns').catch(() => []);
  const begin = lab === undefined ? /^[a-z0-9-]+\./i : new RegExp(`^${lab}\\.`);
  const candidates = names.filter((name) => begin.test(name));
  const found = await Promise.all(
    candidates.map(async (name): Promise<readonly Marked[]> => {
      const { stdout } = await tryCommand(['ip', '-n', name, 'link', 'show', 'dev', 'lo']);
      const alias = /^\s+alias (.*)$/m.exec(stdout)?.[1];
      if (!alias?.startsWith(PREFIX)) return [];
      return [{ lab: alias.slice(PREFIX.length), owned: { type: 'netns', name } }];
    }),
  );
  return found.flat();
}

async function markedBridges(): Promise<readonly Marked[]> {
  return [...((await readBridges()) ?? [])].flatMap(([name, lab]) =>
    lab === undefined ? [] : [{ lab, owned: { type: 'ovs-bridge', name } as const }],
  );
}

/** Their names begin with a prefix that is the mark. */
async function markedTables(): Promise<readonly Marked[]> {
  return [...((await readTables()) ?? [])].flatMap((name) => {
    const lab = labOfTable(name);
    return lab === undefined ? [] : [{ lab, owned: { type: 'nft-table', name } as const }];
  });
}

/** Their uuids are derived from their names. */
async function markedDomains(libvirt: LibvirtList): Promise<readonly Marked[]> {
  return [...((await readDomains(libvirt)) ?? [])].flatMap(([name, id]) => {
    const [lab = '', ...node] = name.split('.');
    if (id !== uuid(lab, node.join('.'))) return [];
    return [{ lab, owned: { type: 'domain', name, uuid: id } as const }];
  });
}

/** How each type is removed, and in which stage it would have been made. */
const REMOVALS: {
  readonly [T in Owned['type']]: (owned: Extract<Owned, { type: T }>) => readonly [Stage, Command];
} = {
  link: ({ name }) => ['devices', { tool: 'ip', args: ['link', 'del', 'dev', name] }],
  netns: ({ name }) => ['stacks', { tool: 'ip', args: ['netns', 'del', name] }],
  'ovs-bridge': ({ name }) => ['switches', { tool: 'ovs-vsctl', args: ['del-br', name] }],
  'nft-table': ({ name }) => ['stacks', { tool: 'nft', rules: removeTables(name) }],
  domain: ({ name, uuid: id }) => ['guests', { tool: 'destroy-domain', domain: name, uuid: id }],
};

/** The step that would have made a thing, as far as it is needed to remove it. */
export function removalOf({ owned }: Marked): Step {
  const [stage, undo] = REMOVALS[owned.type](owned as never);
  return {
    id: `marked ${owned.type} ${owned.name}`,
    ...{ stage, lane: THIS_HOST, where: LOCAL },
    ...{ do: undo, undo, owns: owned },
    why: `${owned.name} carries the mark of the lab`,
  };
}

/** Is a thing among those that were found? */
export const isAmong = ({ found }: Marks, { type, name }: Owned): boolean =>
  found.some(({ owned }) => owned.type === type && owned.name === name);
