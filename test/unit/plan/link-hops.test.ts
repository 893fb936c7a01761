import { describe, expect, it } from 'vitest';
import { ANY_FACTS } from '../../../src/links/define.js';
import { linkHops, whereIn } from '../../../src/plan/link-hops.js';
import { LOCAL } from '../../../src/plan/step.js';
import { wire } from '../../../src/plan/wire.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';

const text = `name: lab
nodes:
  host: { kind: netns, namespaces: [host], addresses: { eth1: 10.0.0.1/24 } }
  local: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { name: host, kind: bridge, ends: [host:eth1, local:eth1] }
`;

describe('a node that is called like the machine', () => {
  const { lab } = parseTopology(parseYaml('lab.yaml', text));
  const wiring = wire(lab, ANY_FACTS);
  const whereOf = whereIn(lab);

  it('is where its namespace is, and the devices of its link are where the machine is', () => {
    const places = [...wiring.graph.hops.values()].map((hop) => [hop.label, whereOf(hop)]);
    expect(places).toEqual([
      ['host:eth1', { machine: 'local', netns: 'lab.host' }],
      ['local:eth1', { machine: 'local', netns: 'lab.local' }],
      ['host:eth1 veth', LOCAL],
      ['local:eth1 veth', LOCAL],
      ['host bridge', LOCAL],
    ]);
  });

  it('has a stack of its own in the graph', () => {
    expect(wiring.graph.stacks.get('host')?.map(({ device }) => device)).toEqual(['eth1']);
    expect(linkHops(lab, wiring)['host']?.map(({ netns }) => netns)).toEqual([
      'lab.host',
      undefined,
      undefined,
      undefined,
      'lab.local',
    ]);
  });
});
