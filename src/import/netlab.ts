import { isRecord } from '../is-record.js';
import { createNaming, fieldsOf, labName } from './define.js';
import type { ImportedLink, ImportedNode, ImportedRoute, ImportFormat, LeftOut } from './define.js';
import { addressOf, createPools, lengthOf } from './netlab-pools.js';

/** Topologies of netlab: https://netlab.tools/topology-reference/. Addresses are given as netlab gives them, from its pools. */

type Fields = Readonly<Record<string, unknown>>;

/** Keys at the top that are read; `module`, `groups`, `vlans` and the others are about protocols and programs. */
const READ = new Set(['name', 'nodes', 'links', 'addressing', 'defaults', 'provider']);
/** Keys of a link that are no nodes. */
const OF_LINK = new Set([
  ...['prefix', 'pool', 'role', 'type', 'name', 'mtu', 'bandwidth', 'interfaces', 'gateway'],
  ...['vlan', 'vlan_name', 'vrf', 'lag', 'group', 'bridge', 'linkindex', 'ospf', 'isis', 'bgp'],
  ...['mpls', 'dhcp', 'disable', 'unnumbered', 'ra', 'stp', 'ifname', 'tunnel', 'clab', 'libvirt'],
]);
/** Devices that are hosts; all others are routers. */
const HOSTS = new Set(['linux', 'none', 'dnsmasq']);

interface Spec extends Fields {
  readonly id: number;
  readonly isHost: boolean;
  readonly device: string;
}

interface Interface {
  readonly node: string;
  readonly fields: Fields;
}

export const netlab: ImportFormat = {
  format: 'netlab',
  title: 'netlab',
  isOne: ({ nodes, topology }) => topology === undefined && nodes !== undefined,
  read(written, fallback) {
    const file = undotted(written);
    const left: LeftOut[] = [];
    for (const key of Object.keys(file))
      if (!READ.has(key))
        left.push({ at: key, why: 'it is about programs and protocols, which are not run' });
    for (const [pool, fields] of Object.entries(fieldsOf(file['addressing'])))
      if (isRecord(fields) && 'ipv6' in fields)
        left.push({
          at: `addressing.${pool}.ipv6`,
          why: 'of IPv6 only the addresses are taken that the file gives to ends',
        });
    const naming = createNaming();
    const specs = nodesOf(file);
    const pools = createPools(file['addressing']);
    const ports = new Map<string, number>();
    const nodes = new Map<string, Draft>();
    for (const [name, spec] of specs) {
      tellNode(name, spec, left);
      nodes.set(name, { addresses: {}, routes: [], ports: {} });
    }
    const links: ImportedLink[] = [];
    linksOf(file['links']).forEach(([at, link]) => {
      const ends = interfacesOf(link).filter(({ node }) => {
        if (specs.has(node)) return true;
        left.push({ at: `${at}.${node}`, why: 'it is no node of the file' });
        return false;
      });
      const named = ends.map(({ node }) => {
        const number = (ports.get(node) ?? 0) + 1;
        ports.set(node, number);
        return { node, port: `eth${number}` };
      });
      const isLan = ends.length !== 2 || ends.some(({ node }) => specs.get(node)?.isHost === true);
      // A network that a link takes from a pool is taken whether the link can be made or not.
      const net = pools.next(link, isLan ? 'lan' : 'p2p');
      tellLink(at, link, left);
      if (ends.length < 2) return void left.push({ at, why: 'a link with one node joins nothing' });
      const given = ends.map(({ node, fields }, index) => {
        const host = isLan ? (specs.get(node)?.id ?? 0) : index + (net?.length === 31 ? 0 : 1);
        return addressOf(fields, net, host);
      });
      named.forEach(({ node, port }, index) => {
        const draft = nodes.get(node);
        if (!draft) return;
        const mtu = link['mtu'];
        if (typeof mtu === 'number') draft.ports[port] = { mtu };
        const own = given[index] ?? [];
        if (own.length > 0) draft.addresses[port] = own;
        const gateway = ends.findIndex((end) => specs.get(end.node)?.isHost === false);
        const [via] = given[gateway]?.filter((one) => !one.includes(':')) ?? [];
        if (specs.get(node)?.isHost === true && via !== undefined && draft.routes.length === 0)
          draft.routes.push({ to: 'default', via: via.slice(0, -lengthOf(via)) });
      });
      links.push({ kind: ends.length > 2 ? 'bridge' : 'veth', ends: named.map(naming.end) });
    });
    return {
      topology: {
        name: labName(typeof file['name'] === 'string' ? file['name'] : fallback),
        nodes: Object.fromEntries(
          Array.from(nodes, ([name, draft]) => [
            naming.node(name),
            nodeOf(draft, specs.get(name)?.isHost === true),
          ]),
        ),
        links,
      },
      left,
      renamed: naming.renamed(),
    };
  },
};

interface Draft {
  readonly addresses: Record<string, readonly string[]>;
  readonly routes: ImportedRoute[];
  readonly ports: Record<string, { readonly mtu: number }>;
}

const filled = (value: object): boolean => Object.keys(value).length > 0;

const nodeOf = ({ addresses, routes, ports }: Draft, isHost: boolean): ImportedNode => ({
  kind: 'netns',
  ...(filled(ports) && { ports }),
  ...(filled(addresses) && { addresses }),
  ...(routes.length > 0 && { routes }),
  ...(!isHost && { sysctls: { 'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.forwarding': 1 } }),
});

/** `a.b: c` is `a: { b: c }`. Names of nodes have no dots. */
function undotted(fields: Fields): Fields {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    const [head = '', ...rest] = key.split('.');
    const inner = isRecord(value) ? undotted(value) : value;
    const whole = rest.length === 0 ? inner : undotted({ [rest.join('.')]: inner });
    result[head] =
      isRecord(result[head]) && isRecord(whole) ? { ...result[head], ...whole } : whole;
  }
  return result;
}

function nodesOf(file: Fields): ReadonlyMap<string, Spec> {
  const { nodes } = file;
  const preset = fieldsOf(file['defaults'])['device'];
  const named: readonly (readonly [string, Fields])[] = Array.isArray(nodes)
    ? nodes.map((one) => (isRecord(one) ? [String(one['name']), undotted(one)] : [String(one), {}]))
    : Object.entries(fieldsOf(nodes)).map(([name, one]) => [name, undotted(fieldsOf(one))]);
  const used = new Set(named.flatMap(([, { id }]) => (typeof id === 'number' ? [id] : [])));
  let next = 0;
  return new Map(
    named.map(([name, fields]) => {
      const { id: own } = fields;
      if (typeof own !== 'number')
        do next += 1;
        while (used.has(next));
      const device = [fields['device'], preset].find((one) => typeof one === 'string') ?? 'none';
      const isHost =
        fields['role'] === 'host' || (HOSTS.has(device) && fields['role'] !== 'router');
      return [name, { ...fields, id: typeof own === 'number' ? own : next, device, isHost }];
    }),
  );
}

/** Links with where they stand; groups of links are parted. */
function linksOf(value: unknown, at = 'links'): readonly (readonly [string, Fields])[] {
  const listed = isRecord(value)
    ? Object.entries(value).map(([key, one]) => [`${at}.${key}`, one] as const)
    : Array.isArray(value)
      ? value.map((one: unknown, index) => [`${at}[${index}]`, one] as const)
      : [];
  return listed.flatMap(([where, one]) => {
    if (typeof one === 'string') return [[where, ofNames(one.split('-'))] as const];
    if (Array.isArray(one)) return [[where, { interfaces: one }] as const];
    const link = undotted(fieldsOf(one));
    const { members } = link;
    return members === undefined ? [[where, link] as const] : linksOf(members, `${where}.members`);
  });
}

const ofNames = (names: readonly string[]): Fields => ({
  interfaces: names.map((name) => name.trim()),
});

function interfacesOf(link: Fields): readonly Interface[] {
  const { interfaces } = link;
  const listed = Array.isArray(interfaces)
    ? interfaces.map((one: unknown) =>
        isRecord(one)
          ? { node: String(one['node']), fields: undotted(one) }
          : { node: String(one), fields: {} },
      )
    : [];
  const keyed = Object.entries(link)
    .filter(([key]) => !OF_LINK.has(key))
    .map(([node, fields]) => ({ node, fields: undotted(fieldsOf(fields)) }));
  return [...listed, ...keyed];
}

function tellNode(name: string, spec: Spec, left: LeftOut[]): void {
  const own = Object.keys(spec).filter((key) => !['id', 'device', 'isHost', 'name'].includes(key));
  const role = spec.isHost ? 'a host' : 'a router that forwards between its own networks';
  const more = own.length === 0 ? '' : `; left out: ${own.join(', ')}`;
  left.push({
    at: `nodes.${name}`,
    why: `device \`${spec.device}\` is not run: a namespace stands for it, ${role}, without its protocols${more}`,
  });
}

function tellLink(at: string, link: Fields, left: LeftOut[]): void {
  const kept = new Set(['prefix', 'pool', 'role', 'type', 'name', 'mtu', 'interfaces']);
  const own = Object.keys(link).filter((key) => OF_LINK.has(key) && !kept.has(key));
  if (own.length > 0) left.push({ at, why: `left out: ${own.join(', ')}` });
}
