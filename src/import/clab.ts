import { isRecord } from '../is-record.js';
import { createNaming, fieldsOf, labName, type ImportedLink, type LeftOut } from './define.js';
import type { Imported, ImportedNode, ImportFormat } from './define.js';
import { readCommands } from './commands.js';

/** Topologies of containerlab: https://containerlab.dev/manual/topo-def-file/. */

type Fields = Readonly<Record<string, unknown>>;

/** Kinds that are a switch, and the device that stands for it. */
const SWITCHES: Readonly<Record<string, (ports: readonly string[]) => Fields>> = {
  bridge: (members) => ({ kind: 'bridge', name: 'br0', members }),
  'ovs-bridge': (ports) => ({ kind: 'ovs', name: 'br0', ports }),
};
/** Types of links that join two nodes. */
const CABLES: ReadonlySet<string> = new Set(['veth']);
/** Ends of links that are no nodes of the file. */
const NO_NODES: Readonly<Record<string, string>> = {
  host: 'it ends in the namespace of the machine, in which patchlab makes no ends',
  'mgmt-net': 'there is no network for management',
  macvlan: 'it ends on an interface of the machine; a link of kind `bridge` has `uplink:` for that',
};
/** Keys of nodes that say nothing about the network. */
const SILENT = new Set(['kind', 'group', 'labels', 'exec', 'position']);

export const clab: ImportFormat = {
  format: 'clab',
  title: 'containerlab',
  isOne: ({ topology }) => isRecord(topology) && 'nodes' in topology,
  read(file, fallback) {
    const topology = isRecord(file['topology']) ? file['topology'] : {};
    const left: LeftOut[] = [];
    for (const key of Object.keys(file))
      if (!['name', 'topology', 'prefix'].includes(key))
        left.push({ at: key, why: 'patchlab has nothing like it' });
    const naming = createNaming();
    const specs = nodesOf(topology);
    const switches = new Map<string, string[]>();
    for (const [name, { kind }] of specs)
      if (typeof kind === 'string' && Object.hasOwn(SWITCHES, kind)) switches.set(name, []);
    const ports = new Map<string, Record<string, { mtu?: number; mac?: string }>>();
    const links: ImportedLink[] = [];
    const cabled = new Set<string>();
    listOf(topology['links']).forEach((link, index) => {
      const at = `topology.links[${index}]`;
      const ends = endsOf(link);
      const why = whyNot(link, ends, specs);
      if (why !== undefined) return void left.push({ at, why });
      for (const { node, port, mac } of ends) {
        const name = naming.port({ node, port });
        cabled.add(`${node}:${port}`);
        switches.get(node)?.push(name);
        const mtu = isRecord(link) && typeof link['mtu'] === 'number' ? link['mtu'] : undefined;
        if (mtu === undefined && mac === undefined) continue;
        const of = ports.get(node) ?? {};
        of[name] = { ...(mtu !== undefined && { mtu }), ...(mac !== undefined && { mac }) };
        ports.set(node, of);
      }
      links.push({ kind: 'veth', ends: ends.map(naming.end) });
    });
    const nodes: Record<string, ImportedNode> = {};
    for (const [name, spec] of specs) {
      const { kind } = spec;
      const device = SWITCHES[typeof kind === 'string' ? kind : ''];
      const at = `topology.nodes.${name}`;
      if (!device) tellNode(at, spec, left);
      const portOf = (port: string): string | undefined =>
        cabled.has(`${name}:${port}`) ? naming.port({ node: name, port }) : undefined;
      nodes[naming.node(name)] = {
        kind: 'netns',
        ...(ports.has(name) && { ports: ports.get(name) ?? {} }),
        ...(device && { devices: [device(switches.get(name) ?? [])] }),
        ...readCommands(listOf(spec['exec']), `${at}.exec`, portOf, left),
      };
    }
    return {
      topology: { name: labName(textOf(file['name']) ?? fallback), nodes, links },
      left,
      renamed: naming.renamed(),
    } satisfies Imported;
  },
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Nodes with what their kind, their group and the defaults say, the nearest first. */
function nodesOf(topology: Fields): ReadonlyMap<string, Fields> {
  const [defaults, kinds, groups] = ['defaults', 'kinds', 'groups'].map((key) =>
    fieldsOf(topology[key]),
  );
  return new Map(
    Object.entries(fieldsOf(topology['nodes'])).map(([name, value]) => {
      const own = fieldsOf(value);
      const group = fieldsOf(groups?.[textOf(own['group']) ?? '']);
      const kind = own['kind'] ?? group['kind'] ?? defaults?.['kind'];
      const ofKind = fieldsOf(kinds?.[textOf(kind) ?? '']);
      return [name, { ...defaults, ...ofKind, ...group, ...own, kind }];
    }),
  );
}

interface End {
  readonly node: string;
  readonly port: string;
  readonly mac?: string;
}

/** Ends in the short form `node:port` and in the long one. */
function endsOf(link: unknown): readonly End[] {
  const { endpoints, endpoint } = fieldsOf(link);
  return [...listOf(endpoints), ...(endpoint === undefined ? [] : [endpoint])].flatMap((one) => {
    if (typeof one === 'string') {
      const at = one.indexOf(':');
      return at < 0 ? [] : [{ node: one.slice(0, at), port: one.slice(at + 1) }];
    }
    const { node, interface: port, mac } = fieldsOf(one);
    if (typeof node !== 'string' || typeof port !== 'string') return [];
    return [{ node, port, ...(typeof mac === 'string' && { mac }) }];
  });
}

/** Why a link cannot be one of patchlab's. */
function whyNot(
  link: unknown,
  ends: readonly End[],
  specs: ReadonlyMap<string, Fields>,
): string | undefined {
  const type = textOf(fieldsOf(link)['type']);
  if (type !== undefined && !CABLES.has(type))
    return NO_NODES[type] ?? `links of type \`${type}\` have no counterpart`;
  const outside = ends.find(({ node }) => Object.hasOwn(NO_NODES, node) && !specs.has(node));
  if (outside) return NO_NODES[outside.node];
  const unknown = ends.find(({ node }) => !specs.has(node));
  if (unknown) return `the file has no node \`${unknown.node}\``;
  const ofKind = ends.map(({ node }) => textOf(specs.get(node)?.['kind']) ?? '');
  const machine = ofKind.find((one) => Object.hasOwn(NO_NODES, one));
  if (machine !== undefined) return NO_NODES[machine];
  return ends.length === 2 ? undefined : `it has ${ends.length} ends that can be read, not two`;
}

/** What of a node stays behind: its image with all that is in it, and settings that are none of a namespace. */
function tellNode(at: string, spec: Fields, left: LeftOut[]): void {
  const { kind } = spec;
  const what = textOf(kind) ?? 'none';
  const own = Object.keys(spec).filter((key) => !SILENT.has(key) && spec[key] !== undefined);
  const stays =
    what === 'linux'
      ? 'no image is run: it is a namespace with the programs of this machine'
      : `kind \`${what}\` is not run: a namespace stands for it, with its ports and without its protocols`;
  left.push({ at, why: own.length === 0 ? stays : `${stays}; left out: ${own.join(', ')}` });
}
