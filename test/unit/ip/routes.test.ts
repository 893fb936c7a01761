import { describe, expect, it } from 'vitest';
import { badSource } from '../../../src/ip/accept.js';
import { answerTo } from '../../../src/ip/resolution.js';
import { routeTo, type Flow } from '../../../src/ip/routes.js';
import { stacksOf } from '../../../src/ip/stack.js';
import { wire } from '../../../src/plan/wire.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { FACTS, labOf } from '../../support/lab-of.js';

/** Which table, which route: what each part of a route or rule does. test/netns/routes.test.ts asks the kernel. */

type Node = LabDefinition['nodes'][string];

/** A router with two devices, and what it has besides. */
function router(more: Pick<Node, 'routes' | 'rules' | 'sysctls'>) {
  const lab = labOf({
    name: 'router',
    nodes: {
      r: {
        kind: 'netns',
        addresses: { eth1: ['10.0.1.1/24', 'fd00:1::1/64'], eth2: ['10.0.2.1/24', 'fd00:2::1/64'] },
        ...more,
      },
      p: { kind: 'netns' },
    },
    links: [
      { kind: 'veth', ends: ['r:eth1', 'p:eth1'] },
      { kind: 'veth', ends: ['r:eth2', 'p:eth2'] },
    ],
  });
  const stack = stacksOf(lab, wire(lab, FACTS).model.graph).get('r');
  const [eth1, eth2] = stack?.devices ?? [];
  if (!stack || !eth1 || !eth2) throw new Error('there is no router');
  const way = (flow: Flow): string => {
    const decision = routeTo(stack, flow);
    if (decision.kind === 'out') return `${decision.nextHop} ${decision.device.device}`;
    return decision.kind === 'rejected' ? decision.type : decision.kind;
  };
  return { stack, eth1, eth2, way };
}

const FAR = '10.9.0.1';
const [UP1, UP2] = ['10.0.1.9', '10.0.2.9'];

describe('in a table', () => {
  it('the longest prefix decides, then the metric, then what was there first', () => {
    const { way } = router({
      routes: [
        { to: 'default', via: UP1, metric: 20 },
        { to: 'default', via: UP2, metric: 10 },
        { to: '10.9.1.0/24', via: UP1, metric: 99 },
        { to: 'fd09::/64', via: 'fd00:1::9', metric: 0 },
        { to: 'fd09::/64', via: 'fd00:2::9', metric: 1023 },
      ],
    });
    expect(way({ dst: FAR })).toBe(`${UP2} eth2`);
    expect(way({ dst: '10.9.1.1' })).toBe(`${UP1} eth1`);
    // In IPv6 a metric of 0 is the usual one, 1024.
    expect(way({ dst: 'fd09::1' })).toBe('fd00:2::9 eth2');
  });

  it('a route that leads nowhere ends the way, also where a later table would lead on', () => {
    const { way } = router({
      routes: [
        { to: 'default', via: UP1 },
        { to: '10.9.0.0/16', type: 'prohibit', table: 100 },
      ],
      rules: [{ from: '10.0.2.0/24', table: 100 }],
    });
    expect(way({ dst: FAR, src: '10.0.2.1' })).toBe('prohibit');
    // The table has nothing for it, so the next rule is asked.
    expect(way({ dst: '10.8.0.1', src: '10.0.2.1' })).toBe(`${UP1} eth1`);
    expect(way({ dst: FAR, src: '10.0.1.1' })).toBe(`${UP1} eth1`);
  });

  it('a socket that is bound to a device takes no route by another', () => {
    const { eth1, way } = router({
      routes: [
        { to: 'default', via: UP1 },
        { to: '10.9.0.0/16', via: UP2 },
      ],
    });
    expect(way({ dst: FAR })).toBe(`${UP2} eth2`);
    expect(way({ dst: FAR, oif: eth1, isBound: true })).toBe(`${UP1} eth1`);
  });
});

describe('rules', () => {
  const routes = [
    { to: 'default', via: UP1 },
    { to: 'default', via: UP2, table: 100 },
  ];

  it('are asked by priority; what has none comes before those that are there', () => {
    const both = (...rules: NonNullable<Node['rules']>) =>
      router({ routes, rules }).way({ dst: FAR });
    expect(both({ priority: 20, table: 100 }, { priority: 10, table: 'main' })).toBe(`${UP1} eth1`);
    expect(both({ priority: 10, table: 100 }, { priority: 20, table: 'main' })).toBe(`${UP2} eth2`);
    expect(both({ table: 'main' }, { table: 100 })).toBe(`${UP2} eth2`);
    // Behind `main`, which has a default route.
    expect(both({ priority: 32_766, table: 100 })).toBe(`${UP1} eth1`);
  });

  it('are for a source, a destination, and a device', () => {
    const { eth1, eth2, way } = router({
      routes,
      rules: [{ from: '10.7.0.0/16', to: '10.9.0.0/16', iif: 'eth1', table: 100 }],
    });
    const flow = { dst: FAR, src: '10.7.0.1', iif: eth1 };
    expect(way(flow)).toBe(`${UP2} eth2`);
    expect(way({ ...flow, iif: eth2 })).toBe(`${UP1} eth1`);
    expect(way({ ...flow, src: '10.6.0.1' })).toBe(`${UP1} eth1`);
    expect(way({ ...flow, dst: '10.8.0.1' })).toBe(`${UP1} eth1`);
    expect(way({ dst: FAR, src: '10.7.0.1' })).toBe(`${UP1} eth1`);
  });

  it('call the device of what the stack sends itself `lo`', () => {
    const { eth1, way } = router({ routes, rules: [{ iif: 'lo', table: 100 }] });
    expect(way({ dst: FAR })).toBe(`${UP2} eth2`);
    expect(way({ dst: FAR, src: '10.7.0.1', iif: eth1 })).toBe(`${UP1} eth1`);
  });

  it('never come before the addresses of the stack', () => {
    const { way } = router({ routes, rules: [{ priority: 0, table: 100 }] });
    expect(way({ dst: '10.0.2.1' })).toBe('local');
  });
});

describe('a reverse path', () => {
  const strict = { 'net.ipv4.conf.all.rp_filter': 1 };
  const routes = [
    { to: 'default', via: UP1 },
    { to: 'default', via: UP2, table: 100 },
  ];

  it('is that of the answer: its rules see the addresses in each other’s place', () => {
    const packet = { src: FAR, dst: '10.0.2.1' };
    const plain = router({ routes, sysctls: strict });
    expect(badSource(plain.stack, plain.eth2, packet)?.reason).toContain('leads out by r:eth1');
    const ruled = router({ routes, rules: [{ from: '10.0.2.1', table: 100 }], sysctls: strict });
    expect(badSource(ruled.stack, ruled.eth2, packet)).toBeUndefined();
    expect(badSource(ruled.stack, ruled.eth1, packet)?.reason).toContain('table 100');
  });

  it('of what is handed on comes by the device by which that would leave', () => {
    const packet = { src: FAR, dst: '10.0.1.7' };
    const rules = [{ iif: 'eth1', table: 100 }];
    const { stack, eth1, eth2 } = router({ routes, rules, sysctls: strict });
    expect(badSource(stack, eth2, packet)).toBeUndefined();
    expect(badSource(stack, eth1, { src: FAR, dst: '10.0.2.7' })).toBeUndefined();
  });

  it('decides for arp_filter too', () => {
    const sysctls = { 'net.ipv4.conf.all.arp_filter': 1 };
    const asked = { sender: FAR, target: '10.0.2.1' };
    const plain = router({ routes, sysctls });
    expect(answerTo(plain.stack, plain.eth2, asked).kind).toBe('silent');
    const ruled = router({ routes, rules: [{ from: '10.0.2.0/24', table: 100 }], sysctls });
    expect(answerTo(ruled.stack, ruled.eth2, asked).kind).toBe('own');
  });
});
