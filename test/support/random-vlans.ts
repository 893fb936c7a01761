import type { LabDefinition } from '../../src/topology/define-lab.js';
import { checked } from './random-checked.js';
import { DECOY } from './random-filters.js';
import { CLASSES, SYSCTLS } from './random-lab.js';
import { portSettings, type Links, type Nodes } from './random-segments.js';
import { maybe } from './random-trees.js';
import type { Random } from './random.js';

/** Bridges that filter VLANs, by chance, in a guest: its kernel has them. Hosts at their ports, trunks between them, and checks. */

type Check = NonNullable<LabDefinition['verify']>[number];
type Device = NonNullable<Nodes[string]['devices']>[number];

/** The guest that all of them share. */
const GUEST = 'g';
const VLANS = [1, 10, 20, 100] as const;

/** The VLANs of a port: mostly one of its own untagged, or all tagged; by chance something that does not fit. */
const vlansOf = (random: Random, isTrunk: boolean) => ({
  pvid: isTrunk
    ? random.pick([1, 1, 1, 1, 0, 10])
    : random.pick([10, 10, 10, 10, 10, 20, 20, 1, 0]),
  vlans: VLANS.filter(() => random.chance(isTrunk ? 0.9 : 0.2)),
});

interface Port {
  /** As members of the bridge name it. */
  readonly port: string;
  readonly isTrunk: boolean;
}

interface Place {
  readonly name: string;
  /** On the machine, joined to a port of the guest; else in a namespace of the guest. */
  readonly isOutside: boolean;
  readonly at: number;
}

/**
 * @param index - of this lab among those of the guest: the first one has the guest's own stack and its ports, the others
 *   have namespaces for all they are made of
 */
function drawOnce(random: Random, index: number, count: number): LabDefinition {
  const name = `v${index}`;
  const switches = Array.from({ length: 1 + random.below(3) }, (_, at) => at);
  const stack = (at: number): string => (index === 0 ? '' : `${name}s${at}:`);
  const hosts = Array.from({ length: 3 + random.below(3) }, (_, at): Place => ({
    name: `${name}h${at}`,
    isOutside: index === 0 && random.chance(0.5),
    at: random.pick(switches),
  }));
  const devices: Device[] = [];
  const links: Links[] = [];
  const ports = new Map(switches.map((at) => [at, [] as Port[]]));
  const plug = (at: number, port: string, isTrunk: boolean): void =>
    void ports.get(at)?.push({ port, isTrunk });
  for (const at of switches.slice(1)) {
    const to = random.below(at);
    const [near, far] = [`${stack(at)}${name}t${at}`, `${stack(to)}${name}u${at}`];
    devices.push({ kind: 'veth', name: near, peer: far });
    plug(at, near, true);
    plug(to, far, true);
  }
  let cables = 0;
  for (const host of hosts) {
    if (host.isOutside) {
      cables += 1;
      const ends: [string, string] = [`${host.name}:eth1`, `${GUEST}:eth${cables}`];
      links.push(
        random.chance(0.5)
          ? { kind: 'macvtap', mode: 'passthru', promisc: true, ends }
          : { kind: 'ovs-panel', patches: [ends] },
      );
      plug(host.at, `eth${cables}`, false);
    } else {
      const port = `${stack(host.at)}${host.name}`;
      devices.push({ kind: 'veth', name: port, peer: `${host.name}:eth1` });
      plug(host.at, port, false);
    }
  }
  const bridges = [...ports].map(([at, members]): Device => ({
    kind: 'bridge',
    name: `${stack(at)}${name}b${at}`,
    vlan_filtering: random.chance(0.85),
    ...maybe(random, 0.15, () => ({ group_fwd_mask: random.pick([0x4000, 0xfffd]) })),
    members: members.map(({ port, isTrunk }) => ({
      ...portSettings(random, port),
      ...vlansOf(random, isTrunk),
    })),
  }));
  const addressOf = (at: number): string[] => [
    `10.${100 + index}.0.${at + 1}/24`,
    `fd00:${100 + index}::${at + 1}/64`,
  ];
  const inside = hosts.flatMap((host, at) => (host.isOutside ? [] : [{ host, at }]));
  const decoy = `${name}${DECOY}`;
  const guest = {
    kind: 'vm' as const,
    memory: '768MiB',
    namespaces: [
      ...(index === 0 ? [] : switches.map((at) => `${name}s${at}`)),
      ...inside.map(({ host }) => host.name),
      decoy,
    ],
    devices: [
      ...devices,
      ...bridges,
      // A bridge that lets nothing through, with nobody at it.
      {
        ...{ kind: 'bridge' as const, name: `${decoy}:br0`, vlan_filtering: true },
        members: [],
      },
    ],
    addresses: Object.fromEntries(
      inside.map(({ host, at }) => [`${host.name}:eth1`, addressOf(at)]),
    ),
  };
  const outside = hosts.flatMap((host, at): [string, Nodes[string]][] =>
    host.isOutside
      ? [
          [
            host.name,
            {
              kind: 'netns' as const,
              addresses: { eth1: addressOf(at) },
              sysctls: Object.fromEntries(
                SYSCTLS.flatMap(([key, values]) =>
                  random.chance(0.06) ? [[key, random.pick(values)]] : [],
                ),
              ),
            },
          ],
        ]
      : [],
  );
  const ends = hosts.map((host) =>
    host.isOutside ? `${host.name}:eth1` : `${GUEST}/${host.name}:eth1`,
  );
  return {
    name,
    nodes: { [GUEST]: guest, ...Object.fromEntries(outside) },
    links,
    verify: Array.from({ length: count }, () => checkOf(random, ends)),
  };
}

function checkOf(random: Random, ends: readonly string[]): Check {
  const [from = '', to = ''] = random.shuffle(ends);
  // What bridges do with tags is what this is about; the rest is there to meet it.
  switch (random.below(8)) {
    case 0:
      return { probe: 'lldp', from, to };
    case 1:
    case 2:
      return { probe: 'arp', from, to };
    case 3:
    case 4:
      return { probe: 'icmp', from, to, family: random.pick([4, 6]) };
    case 5:
      return { probe: 'frame', class: random.pick(CLASSES), from, to };
    default:
      return {
        ...{ probe: 'frame', from, to },
        class: random.pick(['vlan-tagged', 'vlan-tagged', 'unicast-own', 'arp-request'] as const),
        vlan: random.pick(VLANS),
      };
  }
}

/** A lab of one part of the guest. */
export const randomVlans = (random: Random, index: number, checks: number): LabDefinition =>
  checked(checks, (count) => drawOnce(random, index, count));
