import { covers, sameSubnet, splitCidr, type Cidr } from './address.js';
import { writtenLink } from './kinds.js';
import { isAt, type Address, type Lab, type LabLink, type LabNode, type LinkEnd } from './lab.js';
import type { Path } from './problem.js';
import type { Topology } from './schema.js';

/** Something that holds, and may not be meant. */
export interface Warning {
  readonly path: Path;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** An end of a link with the addresses of its port. */
interface Addressed {
  readonly end: LinkEnd;
  readonly addresses: readonly Address[];
  readonly node: LabNode | undefined;
}

/** What of a topology holds, and is mostly a slip. Pure. */
export function warningsOf(topology: Topology, lab: Lab): readonly Warning[] {
  const nodes = new Map(lab.nodes.map((node) => [node.name, node]));
  return lab.links.flatMap((link, index) => {
    const spec = topology.links[index];
    if (!spec) return [];
    const refs = writtenLink(spec.kind).ends(spec as never);
    return strangersOn(link, nodes).map(({ one, others }) => {
      const at = refs.find(({ ref }) => ref === one.end.port.ref)?.path ?? [];
      return {
        path: ['links', index, ...at],
        what: `${name(one)} shares no subnet with ${others.map(name).join(' or ')} on their link.`,
        why: 'ends of different subnets send each other neither ARP nor ping, so LLDP alone is checked between them',
        fix: `give ${one.end.port.ref} an address of the subnet of ${others[0]?.end.port.ref ?? ''}; where it is meant, a route with \`dev:\` says so`,
      };
    });
  });
}

const name = ({ end, addresses }: Addressed): string =>
  `${end.port.ref} (${addresses.map(({ ip, prefix }) => `${ip}/${prefix}`).join(', ')})`;

/** Others that a message names. */
const NAMED = 3;

/** Ends of a link with addresses, of which no other end that they hear shares a subnet; of two ends of a cable one. */
function strangersOn(
  link: LabLink,
  nodes: ReadonlyMap<string, LabNode>,
): readonly { readonly one: Addressed; readonly others: readonly Addressed[] }[] {
  const ends = link.ends.map((end) => addressed(end, nodes.get(end.port.node)));
  const [one, other] = ends;
  // Nearly all links of a large lab are cables whose ends hear each other, or have no addresses.
  if (ends.length === 2 && one && other && (isMute(one) || isMute(other) || shares(one, other)))
    return [];
  const heard = new Map<Addressed, Addressed[]>(ends.map((end) => [end, []]));
  for (const [a, b] of link.cables) {
    const [left, right] = [ends[a], ends[b]];
    if (!left || !right || isMute(left) || isMute(right)) continue;
    heard.get(left)?.push(right);
    heard.get(right)?.push(left);
  }
  const told = new Set<Addressed>();
  return [...heard].flatMap(([one, others]) => {
    const known = others.length === 1 && others.every((other) => told.has(other));
    if (others.length === 0 || known || others.some((other) => shares(one, other))) return [];
    told.add(one);
    return [{ one, others: others.slice(0, NAMED) }];
  });
}

const isMute = ({ addresses }: Addressed): boolean => addresses.length === 0;

const addressed = (end: LinkEnd, node: LabNode | undefined): Addressed => ({
  end,
  node,
  addresses: node?.addresses.filter(isAt(end)) ?? [],
});

/** Prefixes that a route says are reached by the port itself. */
const onLink = ({ end, node }: Addressed): readonly Cidr[] =>
  (node?.routes ?? [])
    .filter((route) => isAt(end)(route) && route.via === undefined && route.to !== 'default')
    .map(({ to }) => splitCidr(to));

/** Can one of them send something to the other without a router? */
const shares = (a: Addressed, b: Addressed): boolean =>
  a.addresses.some((left) => b.addresses.some((right) => sameSubnet(left, right))) ||
  reaches(a, b) ||
  reaches(b, a);

function reaches(a: Addressed, b: Addressed): boolean {
  const prefixes = onLink(a);
  return b.addresses.some(({ ip }) => prefixes.some((prefix) => covers(prefix, ip)));
}
