import { DECOY } from './random-filters.js';
import type { Nodes, Segment } from './random-segments.js';
import type { Random } from './random.js';

/** What looks like the reason of a loss and is none: links that are down, and settings of stacks, where no check goes. */

/** Settings that would keep a stack from answering, or from handing on. */
const SETTINGS = {
  'net.ipv4.ip_forward': 0,
  'net.ipv4.conf.all.rp_filter': 1,
  'net.ipv4.conf.all.arp_ignore': 8,
  'net.ipv4.icmp_echo_ignore_all': 1,
  'net.ipv6.icmp.echo_ignore_all': 1,
};

type Host = { readonly name: string };

/**
 * By chance some of them: a cable that is down between nobody, one on a node that takes part, a bridge that eats what the
 * checks send, a stack that answers to nothing.
 * @param name - unique, for nodes and ports
 */
export function drawDecoys(random: Random, hosts: readonly Host[], name: string): Segment {
  const node = (suffix: string): string => `${name}${DECOY}${suffix}`;
  const draws: readonly (() => Segment)[] = [
    () => {
      const ends: [string, string] = [`${node('a')}:eth1`, `${node('b')}:eth1`];
      const link = { kind: 'veth' as const, ends, down: [...ends] };
      return { links: [link], nodes: deaf(node('a'), node('b')) };
    },
    () => {
      const ends: [string, string] = [`${random.pick(hosts).name}:${DECOY}`, `${node('c')}:eth1`];
      const link = { kind: 'veth' as const, ends, down: [random.pick(ends)] };
      return { links: [link], nodes: deaf(node('c')) };
    },
    () => {
      const ends = [`${node('d')}:eth1`, `${node('e')}:eth1`].map((port) => ({
        ...{ port, isolated: true },
      }));
      return { links: [{ kind: 'bridge' as const, ends }], nodes: deaf(node('d'), node('e')) };
    },
  ];
  const drawn = draws.filter(() => random.chance(0.5)).map((draw) => draw());
  return {
    links: drawn.flatMap(({ links }) => links),
    nodes: Object.assign({}, ...drawn.map(({ nodes }) => nodes)) as Nodes,
  };
}

const deaf = (...names: readonly string[]): Nodes =>
  Object.fromEntries(names.map((name) => [name, { kind: 'netns' as const, sysctls: SETTINGS }]));
