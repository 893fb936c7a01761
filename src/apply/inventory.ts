import { PatchlabError } from '../errors.js';
import type { Owned } from '../plan/step.js';
import { runCommand, tryCommand } from './command.js';
import type { Libvirt } from './libvirt.js';
import { namespaceId } from './namespace-id.js';

/** A link of the host's own stack, as far as patchlab looks at it. */
export interface LinkEntry {
  readonly name: string;
  readonly alias: string | undefined;
  readonly mac: string | undefined;
  readonly altnames: readonly string[];
  /** Kind by ip-link(8), e.g. `veth`; a tap is `tun`. */
  readonly kind: string | undefined;
}

/**
 * What is really on the host. A part that could not be read (its daemon does not answer) is undefined;
 * one that nobody asked for is empty.
 */
export interface Inventory {
  /** By name and by altname. */
  readonly links: ReadonlyMap<string, LinkEntry>;
  /** `namespaceId` of each, by its name. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** `external_ids:patchlab` of each Open vSwitch bridge. */
  readonly bridges: ReadonlyMap<string, string | undefined> | undefined;
  /** Names of the tables of nftables, in any family. */
  readonly tables: ReadonlySet<string> | undefined;
  /** Uuids by name. */
  readonly domains: ReadonlyMap<string, string> | undefined;
}

/** Read what there is of the kinds of things that are asked for. */
export async function readInventory(
  wanted: readonly Owned[],
  libvirt: Pick<Libvirt, 'list'>,
): Promise<Inventory> {
  const types = new Set(wanted.map(({ type }) => type));
  const namespaces = new Map(
    wanted.flatMap(({ type, name }) => {
      const id = type === 'netns' ? namespaceId(name) : undefined;
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
  const [links, bridges, tables, domains] = await Promise.all([
    types.has('link') ? readLinks() : new Map<string, LinkEntry>(),
    types.has('ovs-bridge') ? readBridges() : new Map<string, undefined>(),
    types.has('nft-table') ? readTables() : new Set<string>(),
    types.has('domain') ? readDomains(libvirt) : new Map<string, string>(),
  ]);
  return { links, namespaces, bridges, tables, domains };
}

interface IpLink {
  readonly ifname: string;
  readonly ifalias?: string;
  readonly address?: string;
  readonly altnames?: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string };
}

/** The links of this host's own stack, by name and by altname. */
export async function readLinks(): Promise<Map<string, LinkEntry>> {
  const { stdout } = await runCommand(['ip', '-j', '-d', 'link', 'show']);
  const links = new Map<string, LinkEntry>();
  for (const link of JSON.parse(stdout) as readonly IpLink[]) {
    const { ifname: name, ifalias: alias, address: mac, altnames = [], linkinfo } = link;
    const entry = { name, alias, mac, altnames, kind: linkinfo?.info_kind };
    for (const key of [name, ...altnames]) links.set(key, entry);
  }
  return links;
}

/** Names of the tables of nftables; nothing where nft(8) does not answer: `list tables`, libnftables-json(5). */
export async function readTables(): Promise<Set<string> | undefined> {
  try {
    const { exitCode, stdout } = await tryCommand(['nft', '-j', 'list', 'tables']);
    if (exitCode !== 0) return undefined;
    const { nftables } = JSON.parse(stdout) as {
      nftables: readonly { readonly table?: { readonly name: string } }[];
    };
    return new Set(nftables.flatMap(({ table }) => table?.name ?? []));
  } catch (error) {
    // A lab was built with it, so its absence tells nothing.
    if (error instanceof PatchlabError && error.code === 'command/missing') return undefined;
    throw error;
  }
}

/** `external_ids:patchlab` of each bridge; nothing where Open vSwitch does not answer. ovs-vsctl(8) `list`; a map is `["map", [[key, value], ...]]` (RFC 7047, 5.1). */
export async function readBridges(): Promise<Map<string, string | undefined> | undefined> {
  try {
    const { exitCode, stdout } = await tryCommand([
      ...['ovs-vsctl', '--timeout=5', '--no-wait', '-f', 'json'],
      ...['--columns=name,external_ids', 'list', 'bridge'],
    ]);
    if (exitCode !== 0) return undefined;
    const { data } = JSON.parse(stdout) as {
      data: readonly (readonly [
        string,
        readonly ['map', readonly (readonly [string, string])[]],
      ])[];
    };
    return new Map(data.map(([name, [, ids]]) => [name, new Map(ids).get('patchlab')]));
  } catch (error) {
    if (error instanceof PatchlabError && error.code === 'command/missing') return new Map();
    throw error;
  }
}

/** Uuids of the domains by name; nothing where libvirt does not answer. */
export async function readDomains(
  libvirt: Pick<Libvirt, 'list'>,
): Promise<Map<string, string> | undefined> {
  try {
    return new Map((await libvirt.list()).map(({ name, uuid }) => [name, uuid]));
  } catch (error) {
    if (error instanceof PatchlabError) return undefined;
    throw error;
  }
}
