import { describe, expect, it } from 'vitest';
import { badSource } from '../../../src/ip/accept.js';
import { answerTo } from '../../../src/ip/resolution.js';
import { routeTo, type Flow } from '../../../src/ip/routes.js';
import { stacksOf } from '../../../src/ip/stack.js';
import { wire } from '../../../src/plan/wire.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';
import { TopologyError } from '../../../src/topology/topology-error.js';
import { FACTS } from '../../support/lab-of.js';

/** What is looked up for which device of a stack with a VRF. test/vm/vrf.test.ts asks the kernel. */

const text = (more = ''): string => `name: vrfs
nodes:
  r:
    kind: netns
    devices: [{ kind: vrf, name: red, table: 10, members: [eth1] }]
    addresses: { eth1: [10.0.1.1/24, 'fd00:1::1/64'], eth2: [10.0.2.1/24, 'fd00:2::1/64'] }
    routes:
      - { to: default, via: 10.0.2.9 }
      - { to: default, via: 10.0.1.9, vrf: red }
${more}  p: { kind: netns }
links:
  - { kind: veth, ends: ['r:eth1', 'p:eth1'] }
  - { kind: veth, ends: ['r:eth2', 'p:eth2'] }
`;

const labOf = (more?: string) => parseTopology(parseYaml('vrfs.yaml', text(more))).lab;

function stackOf(more?: string) {
  const lab = labOf(more);
  const stack = stacksOf(lab, wire(lab, FACTS).model.graph).get('r');
  const device = (name: string) => stack?.devices.find((hop) => hop.device === name);
  const [eth1, eth2, red] = ['eth1', 'eth2', 'red'].map(device);
  if (!stack || !eth1 || !eth2 || !red) throw new Error('there is no such stack');
  const way = (flow: Flow): string => {
    const decision = routeTo(stack, flow);
    return decision.kind === 'out'
      ? `${decision.nextHop} ${decision.device.device}`
      : decision.kind;
  };
  return { lab, stack, eth1, eth2, red, way };
}

const FAR = '10.9.0.1';

describe('a stack with a VRF', () => {
  it('looks in its table for what comes by a member or is bound to it, and in main for all else', () => {
    const { eth1, eth2, red, way } = stackOf();
    expect(way({ dst: FAR })).toBe('10.0.2.9 eth2');
    expect(way({ dst: FAR, iif: eth2 })).toBe('10.0.2.9 eth2');
    expect(way({ dst: FAR, iif: eth1 })).toBe('10.0.1.9 eth1');
    expect(way({ dst: FAR, within: eth1 })).toBe('10.0.1.9 eth1');
    expect(way({ dst: FAR, oif: eth1, isBound: true })).toBe('10.0.1.9 eth1');
    expect(way({ dst: FAR, oif: red, isBound: true })).toBe('10.0.1.9 eth1');
  });

  it('falls through to main where the table has nothing, unless it ends with a route that leads nowhere', () => {
    expect(stackOf().way({ dst: 'fd00:2::9', iif: stackOf().eth1 })).toBe('fd00:2::9 eth2');
    const closed = stackOf(
      '      - { to: 10.0.2.0/24, type: unreachable, vrf: red, metric: 4278198272 }\n',
    );
    expect(closed.way({ dst: '10.0.2.9', iif: closed.eth1 })).toBe('rejected');
    expect(closed.way({ dst: '10.0.2.9' })).toBe('10.0.2.9 eth2');
  });

  it('knows the addresses of the VRF there alone, and those of no VRF everywhere', () => {
    const { stack, eth1, eth2, way } = stackOf();
    expect(way({ dst: '10.0.1.1' })).toBe('10.0.2.9 eth2');
    expect(way({ dst: '10.0.1.1', iif: eth2 })).toBe('10.0.2.9 eth2');
    expect(way({ dst: '10.0.1.1', iif: eth1 })).toBe('local');
    expect(way({ dst: '10.0.2.1', iif: eth1 })).toBe('local');
    const asked = { sender: '10.0.2.9', target: '10.0.1.1' };
    expect(answerTo(stack, eth2, asked).kind).toBe('stranger');
    expect(answerTo(stack, eth1, { sender: '10.0.1.9', target: '10.0.2.1' }).kind).toBe('own');
    // An address of its own as the source is a martian only where it knows the address.
    expect(badSource(stack, eth2, { src: '10.0.1.1', dst: '10.0.2.1' })).toBeUndefined();
    expect(badSource(stack, eth1, { src: '10.0.1.1', dst: '10.0.1.1' })?.reason).toContain(
      'has the address 10.0.1.1 itself',
    );
  });

  it('gives a rule without a priority its place before that of the VRF', () => {
    const { lab } = stackOf('    rules: [{ from: 10.0.1.1, table: 77 }]\n');
    expect(lab.nodes[0]?.rules.map(({ priority }) => priority)).toEqual([999]);
    expect(lab.nodes[0]?.routes.map(({ table, device }) => `${table} ${device}`)).toEqual([
      '254 eth2',
      '10 eth1',
    ]);
  });

  it('refuses a next hop of another table, and a VRF that is not there', () => {
    const problemOf = (route: string): string => {
      try {
        labOf(`      - ${route}\n`);
        return 'none';
      } catch (error) {
        if (!(error instanceof TopologyError)) throw error;
        return error.problems.map(({ what }) => what).join(' ');
      }
    };
    expect(problemOf('{ to: 10.7.0.0/16, via: 10.0.1.9, vrf: red }')).toBe('none');
    expect(problemOf('{ to: 10.7.0.0/16, via: 10.0.1.9 }')).toContain(
      'The next hop 10.0.1.9 is in no subnet',
    );
    expect(problemOf('{ to: 10.7.0.0/16, via: 10.0.1.9, vrf: rad }')).toContain(
      'There is no VRF `rad`',
    );
    expect(problemOf('{ to: 10.7.0.0/16, via: 10.0.1.9, vrf: red, table: 3 }')).toBe(
      'The route goes into the table of `red`, which is 10.',
    );
  });
});
