import { describe, expect, it } from 'vitest';
import { planLab } from '../../../src/plan/plan.js';
import { difference } from '../../../src/plan/resources/difference.js';
import { makeSteps } from '../../../src/plan/resources/steps.js';
import { commandLine } from '../../../src/plan/tools/index.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { FACTS, labOf } from '../../support/lab-of.js';

/** What turns one lab into another. */

type Nodes = LabDefinition['nodes'];
type Links = NonNullable<LabDefinition['links']>;

const A: Nodes[string] = { kind: 'netns', addresses: { eth1: '10.0.0.1/24' } };
const B: Nodes[string] = { kind: 'netns', addresses: { eth1: '10.0.0.2/24' } };
const cable: Links[number] = { kind: 'veth', name: 'cable', ends: ['a:eth1', 'b:eth1'] };

const resources = (nodes: Nodes, links: Links = [cable]) =>
  planLab(labOf({ name: 'demo', nodes, links, verify: [] }), FACTS).resources;

const between = (
  before: ReturnType<typeof resources>,
  after: ReturnType<typeof resources>,
  gone?: ReadonlyMap<string, string>,
) => {
  const { changes, sweep, removal, making } = difference(before, after, gone);
  const lines = (steps: typeof making): readonly string[] =>
    steps.map(
      (step) => `${step.where.netns ?? ''}: ${commandLine(step.do.tool, [step.do]).argv.join(' ')}`,
    );
  return {
    changes: changes.map(({ how, old, wanted }) => `${how} ${(wanted ?? old)?.id ?? ''}`),
    reasons: changes.map(({ because }) => because),
    sweep: lines(sweep),
    removal: lines(removal),
    making: lines(making),
  };
};
const NOTHING = { changes: [], reasons: [], sweep: [], removal: [], making: [] };
const plain = resources({ a: A, b: B });

describe('the difference of two labs', () => {
  it('is nothing between a plan and itself, read back from a file', () => {
    const stored = JSON.parse(JSON.stringify(plain)) as typeof plain;
    expect(between(stored, plain)).toEqual(NOTHING);
  });

  it('is everything where there was nothing, in the order of the plan', () => {
    const { changes, making } = difference([], plain);
    expect(changes.map(({ how }) => how)).toEqual(plain.map(() => 'create'));
    expect(making).toHaveLength(plain.flatMap((one) => makeSteps(one)).length);
  });

  it('changes in place what can be, and says what differs', () => {
    const after = resources({ a: { ...A, ports: { eth1: { mtu: 9000 } } }, b: B });
    expect(between(plain, after)).toEqual({
      ...{ changes: ['change veth a eth1 - b eth1'], reasons: ['ends.1.mtu none -> 9000'] },
      ...{ sweep: [], removal: [], making: ['demo.a: ip link set dev eth1 mtu 9000'] },
    });
  });

  it('adds an address and nothing else', () => {
    const after = resources({
      a: { ...A, addresses: { eth1: ['10.0.0.1/24', '10.0.0.9/24'] } },
      b: B,
    });
    expect(between(plain, after)).toMatchObject({
      removal: [],
      making: ['demo.a: ip addr add 10.0.0.9/24 dev eth1'],
    });
  });

  it('gives the addresses of a subnet in their order again when one comes before them', () => {
    const after = resources({
      a: { ...A, addresses: { eth1: ['10.0.0.9/24', '10.0.0.1/24'] } },
      b: B,
    });
    expect(between(plain, after)).toMatchObject({
      reasons: [undefined, expect.stringContaining('after none -> 10.0.0.9/24')],
      removal: ['demo.a: ip addr del 10.0.0.1/24 dev eth1'],
      making: [
        'demo.a: ip addr add 10.0.0.9/24 dev eth1',
        'demo.a: ip addr add 10.0.0.1/24 dev eth1',
      ],
    });
  });

  it('removes a route before the address that it needs, and makes both again after it', () => {
    const routed = { ...A, routes: [{ to: 'default', via: '10.0.0.2' }] };
    const other = { ...routed, addresses: { eth1: '10.0.0.7/24' } };
    const { removal, making } = between(
      resources({ a: routed, b: B }),
      resources({ a: other, b: B }),
    );
    expect(removal).toEqual([
      'demo.a: ip route del default via 10.0.0.2 dev eth1',
      'demo.a: ip addr del 10.0.0.1/24 dev eth1',
    ]);
    expect(making).toEqual([
      'demo.a: ip addr add 10.0.0.7/24 dev eth1',
      'demo.a: ip route add default via 10.0.0.2 dev eth1',
    ]);
  });

  it('makes anew what is on a cable that moves, and leaves the node that it is in', () => {
    const nodes = { a: A, b: B, c: { ...B, addresses: { eth1: '10.0.0.3/24' } } };
    const to = (end: string): Links => [
      { ...cable, ends: ['a:eth1', end] },
      { kind: 'veth', name: 'other', ends: [end === 'b:eth1' ? 'c:eth1' : 'b:eth1', 'a:eth2'] },
    ];
    const { changes, removal } = between(
      resources(nodes, to('b:eth1')),
      resources(nodes, to('c:eth1')),
    );
    expect(changes.filter((one) => / netns /.test(one))).toEqual([]);
    expect(changes).toContain('replace a address 10.0.0.1/24 of eth1');
    expect(removal.filter((one) => /link del/.test(one))).toHaveLength(2);
    // What is on a device goes with it.
    expect(removal.filter((one) => /addr del/.test(one))).toEqual([]);
  });

  it('makes a stack anew for a setting whose old value nobody knows, and nothing of its neighbour', () => {
    const set = resources({ a: { ...A, sysctls: { 'net.ipv4.ip_forward': 1 } }, b: B });
    const { changes, removal } = between(set, plain);
    expect(changes).toContain('replace netns a');
    expect(changes).toContain('remove a net.ipv4.ip_forward');
    expect(changes).not.toContain('replace netns b');
    expect(changes).toContain('replace b address 10.0.0.2/24 of eth1');
    // The kernel ends a namespace in its own time, so the cable goes first.
    expect(removal).toEqual(['demo.a: ip link del dev eth1', ': ip netns del demo.a']);
  });

  it('makes again what is gone, and what was in it, without removing any of it', () => {
    const { changes, sweep, removal } = between(plain, plain, new Map([['netns b', 'gone']]));
    expect(changes).toContain('create netns b');
    expect(changes).toContain('replace b address 10.0.0.2/24 of eth1');
    expect(changes).not.toContain('replace netns a');
    expect(removal).toEqual([]);
    // Perhaps the kernel has not ended it yet.
    expect(sweep).toEqual(['demo.a: ip link del dev eth1']);
  });

  it('changes nothing of a link when another comes before it, or the file has another order', () => {
    const extra: Links[number] = { kind: 'bridge', name: 'x', ends: ['a:eth3', 'b:eth3'] };
    const before = resources({ a: A, b: B });
    const after = resources({ b: B, a: A }, [extra, cable]);
    expect(between(before, after).changes.filter((one) => !one.startsWith('create'))).toEqual([]);
  });
});
