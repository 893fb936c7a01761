import { z } from 'zod';
import { hopId } from '../../hops/graph.js';
import { wireEdge, type Hop } from '../../hops/types.js';
import { udpPorts } from '../../plan/names.js';
import { twoPorts } from '../../topology/fields.js';
import { defineLink } from '../define.js';
import { nodePort } from '../devices.js';
import { pairEnds } from '../ends.js';
import { THIS_HOST } from '../../topology/lab.js';

/** QEMU's datagram socket backend: qemu(1) `-netdev socket,udp=`, libvirt `<interface type='udp'>`. */
export const udp = defineLink({
  kind: 'udp',
  title: 'QEMU datagram cable',
  doc: `Two QEMU processes hand each other frames in UDP datagrams over 127.0.0.1. There is no device on the host, so
nothing there can filter, learn or drop: every frame crosses it. For the same reason nothing on the host can be
captured; the evidence comes from inside the guests. Both ends are virtual machines.`,
  example: `name: datagrams
nodes:
  sw1: { kind: vm, addresses: { eth1: 10.0.0.1/24 } }
  sw2: { kind: vm, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: udp, ends: [sw1:eth1, sw2:eth1] }
`,
  schema: z.strictObject({
    kind: z.literal('udp'),
    ends: twoPorts.describe('The two guest ports that the cable joins'),
  }),
  offers: ['udp'],
  auto: { cost: 3, tries: ['plain'] },
  ends: (spec) => pairEnds(spec.ends),
  cables: () => [[0, 1]],
  requirements: (link, lab) =>
    udpPorts(lab.name, ...link.spec.ends).map((port) => ({
      check: 'udp-port-free',
      arg: String(port),
    })),
  plan(link, lab) {
    const [a, b] = udpPorts(lab.name, ...link.spec.ends);
    const device = `udp ${a}-${b}`;
    const hop: Hop = {
      id: hopId(THIS_HOST, device),
      kind: 'udp',
      stack: THIS_HOST,
      where: lab.machine,
      device,
      label: `${link.id} udp`,
      settings: { noDevice: true },
    };
    return {
      resources: [],
      attachments: [
        { via: 'udp', localPort: a, remotePort: b },
        { via: 'udp', localPort: b, remotePort: a },
      ],
      hops: {
        hops: [hop],
        edges: link.ends.map((end) => wireEdge(nodePort(end).hop, hop.id)),
      },
    };
  },
});
